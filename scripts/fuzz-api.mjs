// Runs Schemathesis against the built server and the committed OpenAPI document: no 5xx, no undocumented status, and no
// body of another shape. `--requests N`: the minimum number of requests.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const VERSION = '4.32.5';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'allow_header_conformance',
].join(',');
/** The module `fuzz_serializers` of this folder. */
const SERIALIZERS = {
  PYTHONPATH: import.meta.dirname,
  PYTHONDONTWRITEBYTECODE: '1',
  SCHEMATHESIS_HOOKS: 'fuzz_serializers',
};
/** The maximum number of seeds; each seed makes other requests. */
const MAX_ROUNDS = 40;

const root = join(import.meta.dirname, '..');
const environment = join(root, '.cache', `schemathesis-${VERSION}`);
const { values } = parseArgs({ options: { requests: { type: 'string', default: '20000' } } });
const wanted = Number(values.requests);

function install() {
  const schemathesis = join(environment, 'bin', 'st');
  if (existsSync(schemathesis)) return schemathesis;
  console.log(`Installing Schemathesis ${VERSION} into ${environment} …`);
  for (const [command, ...words] of [
    ['python3', '-m', 'venv', environment],
    [join(environment, 'bin', 'pip'), 'install', '--quiet', `schemathesis==${VERSION}`],
  ]) {
    const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
    if (status === 0) continue;
    console.log(`Schemathesis cannot be installed here, so the API is not fuzzed: ${(stderr ?? 'no python3').trim()}`);
    rmSync(environment, { recursive: true, force: true });
    return undefined;
  }
  return schemathesis;
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return String(port);
}

async function startServer(settings) {
  const main = join(root, 'dist', 'src', 'main.js');
  const server = spawn(process.execPath, ['--enable-source-maps', main], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  await new Promise((resolve, reject) => {
    server.stdout.setEncoding('utf8').on('data', (text) => {
      output = `${output}${text}`.slice(-100_000);
      if (output.includes('listens on')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
  });
  return server;
}

function token(settings) {
  const command = join(root, 'dist', 'src', 'commands', 'token.js');
  const words = ['--sub', 'fuzz', '--client', '100', '--role', 'nevisIdm.Root', '--data-room', '*', '--expires', '12h'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...words], {
    env: { ...process.env, ...settings },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function answered(url) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = metrics.matchAll(/^certkeep_http_request_duration_seconds_count\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

function round(schemathesis, url, bearer, seed) {
  const words = ['run', join(root, 'docs', 'openapi.json'), '--url', url, '-H', `Authorization: Bearer ${bearer}`];
  // Few examples in the first rounds, so that frequent failures are found early.
  const examples = String(Math.min(60, 5 * seed));
  const { status } = spawnSync(
    schemathesis,
    [...words, '-n', examples, '--seed', String(seed), '-c', CHECKS, '--warnings', 'off', '--max-failures', '20'],
    { stdio: 'inherit', cwd: environment, env: { ...process.env, ...SERIALIZERS } },
  );
  return status === 0;
}

const schemathesis = install();
if (schemathesis !== undefined) {
  const data = mkdtempSync(join(tmpdir(), 'certkeep-fuzz-'));
  const port = await freePort();
  const settings = { CERTKEEP_DATA: data, PORT: port, LOG_LEVEL: 'error' };
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer(settings);
  try {
    const bearer = token(settings);
    let passed = true;
    let requests = 0;
    for (let seed = 1; passed && requests < wanted && seed <= MAX_ROUNDS; seed += 1) {
      passed = round(schemathesis, url, bearer, seed);
      requests = await answered(url);
      console.log(`seed ${seed}: ${requests} of ${wanted} requests answered`);
    }
    const operations = Object.keys(JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8')).paths).length;
    console.log(
      passed ? `No finding in ${requests} requests to ${operations} paths.` : 'The API has findings; see above.',
    );
    process.exitCode = passed && requests >= wanted ? 0 : 1;
  } finally {
    const ended = new Promise((resolve) => {
      server.once('exit', resolve);
    });
    server.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}
