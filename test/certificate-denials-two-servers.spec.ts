/* oxlint-disable typescript/no-unsafe-assignment -- a test reads any body */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { variablesBeside } from './support/built-server.js';
import { Fixture } from './support/fixture.js';
import { CORE, send } from './support/http.js';
import { BuiltProgram } from './support/process.js';
import { SettingsFolder } from './support/settings-folder.js';

const FEED = `${CORE}/100/certificate-denials`;
const POLL = { timeout: 240_000 };

let fixture: Fixture;
let folder: SettingsFolder;
let variables: Readonly<Record<string, string>>;
const programs: BuiltProgram[] = [];

beforeAll(async () => {
  // Its own background work never runs: only the servers below number denials.
  fixture = await Fixture.start();
  folder = new SettingsFolder();
  variables = { ...variablesBeside(fixture.app, folder), PORT: '0', LOG_LEVEL: 'info' };
});

afterAll(async () => {
  for (const program of programs) program.signal('SIGKILL');
  await Promise.all(programs.map(async (program) => await program.exit()));
  folder.remove();
  await fixture.app.close();
});

async function startServer(): Promise<BuiltProgram> {
  const program = BuiltProgram.start('main.js', variables);
  programs.push(program);
  await program.says(/listens on/);
  return program;
}

const query = async (text: string) => await fixture.app.dataSource.query<{ holder: string }[]>(text);
const leader = async () => (await query('select holder from leases'))[0]?.holder;
const endLease = async () => await query(`update leases set until = clock_timestamp() - interval '1 s'`);

/** Disables certificates two at a time, and returns their fingerprints. */
async function disable(name: string, count: number): Promise<string[]> {
  const paths: string[] = [];
  for (let index = 0; index < count; index += 1) paths.push(await fixture.register(`${name}-${index}`));
  const denied: string[] = [];
  const write = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      const { body } = await fixture.patch(path, { version: 1, stateName: 'disabled' });
      denied.push((body as { fingerprint: string }).fingerprint);
    }
  };
  await Promise.all([write(), write()]);
  return denied;
}

let cursor: string;
const found: string[] = [];

async function read(): Promise<void> {
  const { body } = await send(fixture.app, 'GET', `${FEED}?after=${cursor}`, { token: fixture.token });
  const page = body as { resync: boolean; items: { fingerprint: string }[]; cursor: string };
  expect(page.resync).toBe(false);
  found.push(...page.items.map(({ fingerprint }) => fingerprint));
  ({ cursor } = page);
}

async function expectFound(denied: readonly string[]): Promise<void> {
  await expect.poll(async () => await read().then(() => found.length), POLL).toBeGreaterThanOrEqual(denied.length);
  await read();
  expect(found.toSorted()).toEqual(denied.toSorted());
}

test('15.8 no denial is lost or read twice when the leader is paused, wakes up late, and when its successor is killed', async () => {
  ({ cursor } = (await send(fixture.app, 'GET', FEED, { token: fixture.token })).body as { cursor: string });
  const first = await startServer();
  await expect.poll(leader, POLL).toBeDefined();
  const second = await startServer();
  const denied = await disable('at-first', 6);
  await expectFound(denied);

  const paused = await leader();
  first.signal('SIGSTOP');
  denied.push(...(await disable('paused', 6)));
  await endLease();
  await expectFound(denied);
  expect(await leader()).not.toBe(paused);
  first.signal('SIGCONT');
  denied.push(...(await disable('awake', 6)));
  await expectFound(denied);

  const writing = disable('killed', 12);
  second.signal('SIGKILL');
  await second.exit();
  denied.push(...(await writing));
  await endLease();
  await expectFound(denied);
  expect(await leader()).toBe(paused);
});
