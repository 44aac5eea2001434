/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DenialFixture } from './support/denial-fixture.js';

const PAGE = join(import.meta.dirname, '..', 'docs', 'gateways.md');
const SERVER = 'https://certkeep.acme.example';
const POLL = { timeout: 120_000 };
const isMissing = ['curl', 'jq'].some((program) => spawnSync(program, ['--version']).status !== 0);

let denials: DenialFixture;
let isOpen = false;
let loop: ChildProcess | undefined;
let lines: unknown[] = [];

/** The commands of the page, with the address of this server. */
async function startLoop(token: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const commands = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text = '']) => text);
  const [text = ''] = commands.filter((each) => each.includes('certificate-denials'));
  expect(text).toContain(SERVER);
  lines = [];
  const env = { ...process.env, TOKEN: token };
  // In a process group of its own, so that it ends together with the curl that it waits for.
  const child = spawn('sh', ['-c', text.replace(SERVER, denials.app.url)], { env, detached: true });
  child.stdout.setEncoding('utf8');
  let rest = '';
  child.stdout.on('data', (piece: string) => {
    const whole = (rest + piece).split('\n');
    rest = whole.pop() ?? '';
    lines.push(...whole.map((line) => JSON.parse(line) as unknown));
  });
  await once(child, 'spawn');
  loop = child;
}

async function stopLoop(): Promise<void> {
  if (loop?.pid === undefined) return;
  const ended = once(loop, 'exit');
  process.kill(-loop.pid, 'SIGKILL');
  await ended;
  loop = undefined;
}

/** Numbers what there is, and answers whoever waits. */
async function publish(): Promise<void> {
  await denials.numbering.number();
  await denials.feed.poll();
}

const untilWaiting = async () => await expect.poll(() => denials.feed.readers.count, POLL).toBe(1);

beforeEach(async () => {
  denials = await DenialFixture.start();
  isOpen = true;
  await denials.nextUser();
});

afterEach(async () => {
  await stopLoop();
  if (isOpen) await denials.app.close();
});

describe.skipIf(isMissing)('15.8 the loop of docs/gateways.md', () => {
  test('15.8 it prints "everything" at the beginning, then each denial once, and waits in between', async () => {
    await denials.patch(denials.path, { modificationComment: 'before' });
    await startLoop(denials.token);
    await untilWaiting();
    expect(lines).toEqual(['everything']);
    const certificate = { kind: 'certificate', fingerprint: await denials.fingerprint() };
    await denials.patch(denials.path, { stateName: 'disabled' });
    await publish();
    await expect.poll(() => lines, POLL).toMatchObject(['everything', certificate]);
    await untilWaiting();
    await denials.patch(`/nevisidm/api/core/v1/100/users/${denials.user}`, { userState: 'disabled' });
    await publish();
    const user = { kind: 'user', userExtId: denials.user };
    await expect.poll(() => lines, POLL).toMatchObject(['everything', certificate, user]);
  });

  test('15.8 it prints "everything" when its cursor is too old', async () => {
    await startLoop(denials.token);
    await untilWaiting();
    await denials.app.dataSource.query(
      `insert into certificate_denial_feeds (client_ext_id, last_number, removed_number) values ('100', 9, 9)
        on conflict (client_ext_id) do update set last_number = 9, removed_number = 9`,
    );
    await denials.feed.poll();
    await expect.poll(() => lines, POLL).toEqual(['everything', 'everything']);
  });

  test('15.8 it prints "everything" while its token is refused', async () => {
    await startLoop(await denials.app.token({ roles: ['nevisIdm.Helpdesk'] }));
    await expect.poll(() => lines, POLL).toEqual(['everything']);
  });

  test('15.8 it prints "everything" when the server is gone', async () => {
    await startLoop(denials.token);
    await untilWaiting();
    denials.feed.readers.end();
    isOpen = false;
    await denials.app.close();
    await expect.poll(() => lines.length, POLL).toBeGreaterThan(1);
    expect(new Set(lines)).toEqual(new Set(['everything']));
  });
});
