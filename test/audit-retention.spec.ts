import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Fixture } from './support/fixture.js';
import { type Answer, codesOf, send } from './support/http.js';

let folder: string;
let fixture: Fixture;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-retention-'));
});

afterEach(async () => {
  await fixture.app.close();
  await rm(folder, { recursive: true });
});

/** With a token of the time that it is: months go by. */
const read = async (path: string): Promise<Answer> =>
  await send(fixture.app, 'GET', path, { token: await fixture.app.token() });

async function change(path: string, modificationComment: string): Promise<void> {
  const answer = await send(fixture.app, 'PATCH', path, {
    token: await fixture.app.token(),
    body: { modificationComment },
  });
  expect(answer.status).toBe(200);
}

/** A credential that is registered in June, changed in August, and a server that is asked in October. */
async function start(exportDirectory?: string): Promise<string> {
  fixture = await Fixture.start({ audit: { retentionDays: 30, exportDirectory } });
  const path = await fixture.register('old');
  await fixture.app.scheduler.runAll();
  fixture.app.clock.set('2026-08-15T12:00:00Z');
  await change(path, 'later');
  fixture.app.clock.set('2026-10-05T12:00:00Z');
  await change(path, 'latest');
  return path;
}

const upkeep = async () => await fixture.app.scheduler.runAll();
const months = async (): Promise<string[]> =>
  (
    await fixture.app.dataSource.query<{ name: string }[]>(
      `select distinct tableoid::regclass::text as name from audit_events order by 1`,
    )
  ).map(({ name }) => name);
const tables = async (): Promise<string[]> =>
  (
    await fixture.app.dataSource.query<{ name: string }[]>(
      `select relname as name from pg_class where relkind = 'r' and relname like 'audit_events_2026_0%' order by 1`,
    )
  ).map(({ name }) => name);

test('10.1 months that ended longer ago than AUDIT_RETENTION_DAYS are dropped, younger ones are not', async () => {
  await start();
  await upkeep();
  expect(await tables()).toEqual(['audit_events_2026_09']);
  expect(await months()).toEqual(['audit_events_2026_10']);
});

test('10.1 without AUDIT_RETENTION_DAYS nothing is dropped', async () => {
  fixture = await Fixture.start();
  await fixture.register('kept');
  await upkeep();
  fixture.app.clock.set('2046-01-01T12:00:00Z');
  await upkeep();
  expect(await months()).toContain('audit_events_2026_06');
});

test('10.2 history and ?at= say from when on there are events; the certificate of what is left is kept', async () => {
  const path = await start();
  const before: unknown = (await read(path)).body;
  await upkeep();
  const history = await read(`${path}/history`);
  expect(history.body).toMatchObject({
    items: [{ version: 3, changes: { modificationComment: { from: 'later', to: 'latest' } } }],
    _pagination: { heldFrom: '2026-09-01T00:00:00Z' },
  });
  const gone = await read(`${path}?at=2026-08-20T00:00:00Z`);
  expect([gone.status, codesOf(gone)]).toEqual([404, ['errors.noRecord']]);
  expect(gone.body.errors[0].message).toContain('2026-09-01T00:00:00Z');
  const now = await read(`${path}?at=2026-10-05T12:00:00Z`);
  expect([now.status, now.body]).toEqual([200, before]);
});

test('10.1 each month is exported before it is dropped: NDJSON, zstd, and a digest that fits', async () => {
  await start(folder);
  await upkeep();
  expect(await readdir(folder)).toEqual([
    'audit-events-2026-06.ndjson.zst',
    'audit-events-2026-06.ndjson.zst.sha256',
    'audit-events-2026-07.ndjson.zst',
    'audit-events-2026-07.ndjson.zst.sha256',
    'audit-events-2026-08.ndjson.zst',
    'audit-events-2026-08.ndjson.zst.sha256',
  ]);
  const file = await readFile(join(folder, 'audit-events-2026-06.ndjson.zst'));
  expect(await readFile(join(folder, 'audit-events-2026-06.ndjson.zst.sha256'), 'utf8')).toBe(
    `${createHash('sha256').update(file).digest('hex')}  audit-events-2026-06.ndjson.zst\n`,
  );
  const events = zstdDecompressSync(file)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(events.at(-1)).toMatchObject({
    clientExtId: '100',
    action: 'created',
    kind: 'certificate',
    extId: 'old',
    version: 1,
    changes: { stateName: { to: 'active' } },
    certificate: expect.stringMatching(/^MI/) as string,
  });
  const june = await fixture.app.dataSource.query<[{ count: number }]>(
    `select count(*)::integer as count from audit_events where at < '2026-07-01'`,
  );
  expect(june[0].count).toBe(0);
});

test('10.1 what could not be exported is not dropped, and is when it can be', async () => {
  const blocked = join(folder, 'blocked');
  await writeFile(blocked, 'no folder');
  await start(blocked);
  await upkeep();
  expect(await tables()).toContain('audit_events_2026_06');
  expect(fixture.app.log.some((line) => line.includes('could not be kept'))).toBe(true);
  await rm(blocked);
  await upkeep();
  expect(await tables()).toEqual(['audit_events_2026_09']);
});

test('10.1 a month that was detached when the server ended is exported and dropped by the next run', async () => {
  await start(folder);
  await fixture.app.dataSource.query('alter table audit_events detach partition audit_events_2026_06');
  await upkeep();
  expect(await tables()).toEqual(['audit_events_2026_09']);
  expect(await readdir(folder)).toContain('audit-events-2026-06.ndjson.zst');
});

test('10.2 the certificate of a credential that is first changed after its month was dropped is kept', async () => {
  fixture = await Fixture.start({ audit: { retentionDays: 30, exportDirectory: undefined } });
  const [path, replaced] = [await fixture.register('long-lived'), await fixture.register('replaced')];
  await fixture.app.scheduler.runAll();
  fixture.app.clock.set('2026-10-05T12:00:00Z');
  await upkeep();
  await change(path, 'after the drop');
  await change(replaced, 'after the drop');
  const before: unknown = (await read(replaced)).body;
  fixture.app.clock.set('2026-10-06T12:00:00Z');
  const token = await fixture.app.token();
  const body = { certificate: await fixture.pem('replacing') };
  expect((await send(fixture.app, 'PATCH', replaced, { token, body })).status).toBe(200);
  const now = await read(`${path}?at=2026-10-06T12:00:00Z`);
  expect([now.status, now.body]).toEqual([200, (await read(path)).body]);
  const past = await read(`${replaced}?at=2026-10-05T12:00:00Z`);
  expect([past.status, past.body]).toEqual([200, before]);
});
