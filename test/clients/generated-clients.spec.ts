import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..', '..');
const DOCUMENT = join(ROOT, 'docs', 'openapi.json');
const CACHE = join(ROOT, '.cache');
const PYTHON_GENERATOR = join(CACHE, 'openapi-python-client');
const CONSUMERS = join(import.meta.dirname, 'consumers');
const LIMIT_MS = 600_000;

let fixture: Fixture;
/** Where each client is made beside its consumer; ignored by Git. */
let folder: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  await mkdir(CACHE, { recursive: true });
  folder = await mkdtemp(join(CACHE, 'clients-'));
  await cp(CONSUMERS, folder, { recursive: true });
});

afterAll(async () => {
  await fixture.app.close();
  await rm(folder, { recursive: true });
});

/** What a consumer is given: an administrator's token, the user's own two, and a certificate. */
async function givenTo(extId: string) {
  const { app, token } = fixture;
  return {
    url: app.url,
    token,
    selfToken: await app.token({ sub: extId, roles: ['nevisIdm.SelfAdmin'] }),
    selfXToken: await app.xToken(extId),
    extId,
    pem: await fixture.pem(extId),
  };
}

const seenBy = (extId: string) => ({
  gender: 'female',
  states: ['active', 'disabled'],
  subjects: [`CN=${extId}`],
  refusedWith: ['errors.optimisticLockingFailure'],
  comment: 'by the user',
});

const tool = async (...words: readonly string[]): Promise<unknown> =>
  await run(process.execPath, words, { cwd: folder });

test(
  'a client that @hey-api/openapi-ts makes of the document compiles, and registers and changes a certificate',
  { timeout: LIMIT_MS },
  async () => {
    const generator = join(ROOT, 'node_modules', '@hey-api', 'openapi-ts', 'bin', 'run.js');
    const output = join(folder, 'typescript', 'client');
    await tool(generator, '-i', DOCUMENT, '-o', output, '-c', '@hey-api/client-fetch', '--silent', '--no-log-file');
    await tool(join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(folder, 'typescript'));
    const compiled = (await import(pathToFileURL(join(folder, 'typescript', 'built', 'cycle.js')).href)) as {
      cycle: (given: object) => Promise<object>;
    };
    expect(await compiled.cycle(await givenTo('typescript-1'))).toEqual(seenBy('typescript-1'));
  },
);

test.skipIf(isPythonGeneratorMissing())(
  'a client that openapi-python-client makes of the document can be imported, and registers and changes a certificate',
  { timeout: LIMIT_MS },
  async () => {
    const settings = join(folder, 'python.json');
    // Without its formatter, which is a program of its own. A CRL is sent as it is, and one line of NDJSON is JSON.
    const overrides = {
      'application/pkix-crl': 'application/octet-stream',
      'application/x-ndjson': 'application/json',
      'text/csv': 'application/json',
    };
    await writeFile(settings, JSON.stringify({ post_hooks: [], content_type_overrides: overrides }));
    const options = ['--meta', 'none', '--fail-on-warning', '--config', settings];
    const output = ['--output-path', join(folder, 'python', 'client')];
    await python(['-m', 'openapi_python_client', 'generate', '--path', DOCUMENT, ...options, ...output]);
    await python(['-m', 'compileall', '-q', join(folder, 'python')]);
    const seen = await python([join(folder, 'python', 'cycle.py')], JSON.stringify(await givenTo('python-1')));
    expect(JSON.parse(seen)).toEqual(seenBy('python-1'));
  },
);

/** What it prints. */
async function python(words: readonly string[], input = ''): Promise<string> {
  const running = run('python3', words, { cwd: folder, env: { ...process.env, PYTHONPATH: PYTHON_GENERATOR } });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** Says in one line what is skipped, and why. */
function isPythonGeneratorMissing(): boolean {
  if (existsSync(PYTHON_GENERATOR)) return false;
  console.log('openapi-python-client is not installed (node scripts/python-client.mjs does it): its test is skipped.');
  return true;
}
