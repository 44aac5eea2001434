import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { AuditEventRow } from '../src/audit/audit-event.table.js';
import { writeExport } from '../src/audit/export-file.js';
import { Leader } from '../src/database/leader.js';
import { startApp } from './support/app.js';
import { Fixture } from './support/fixture.js';
import { send } from './support/http.js';

const MONTH = 'audit_events_2026_06';
const FILE = 'audit-events-2026-06.ndjson.zst';

let folder: string;
let fixture: Fixture;
let path: string;
let other: Client;

/** A credential that is registered in June, and a server at the end of July, which keeps 30 days. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-retention-'));
  fixture = await Fixture.start({ audit: { retentionDays: 30, exportDirectory: folder } });
  path = await fixture.register('old');
  // The partitions of the months after it are there already.
  fixture.app.clock.set('2026-07-15T12:00:00Z');
  await fixture.app.scheduler.runAll();
  fixture.app.clock.set('2026-07-31T12:00:00Z');
  other = new Client({ connectionString: (fixture.app.dataSource.options as { url: string }).url });
  await other.connect();
});

afterEach(async () => {
  await other.end();
  await fixture.app.close();
  await rm(folder, { recursive: true });
});

const upkeep = async () => await fixture.app.scheduler.runAll();
const failures = (): number => fixture.app.log.filter((line) => line.includes('could not be kept')).length;

/** `partition`, `detached` or undefined where there is no such table. */
async function june(): Promise<string | undefined> {
  const { rows } = await other.query<{ state: string }>(
    `select case when relispartition then 'partition' else 'detached' end as state from pg_class where relname = '${MONTH}'`,
  );
  return rows[0]?.state;
}

async function exported(): Promise<readonly { extId: string }[]> {
  const lines = zstdDecompressSync(await readFile(join(folder, FILE))).toString();
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { extId: string });
}

async function refuseDrops(): Promise<void> {
  await other.query(`create function refuse() returns event_trigger language plpgsql as
    $$ begin raise exception 'interrupted'; end $$;
    create event trigger refuse on sql_drop when tag in ('DROP TABLE') execute function refuse()`);
}

async function change(): Promise<number> {
  const body = { modificationComment: 'meanwhile' };
  const token = await fixture.app.token();
  return (await send(fixture.app, 'PATCH', path, { token, body })).status;
}

test('10.1 a month that is being read is not detached; changes go on, and it is dropped once it is no longer read', async () => {
  await other.query('begin; select count(*) from audit_log');
  const state = { isOver: false };
  const changes = (async () => {
    const statuses = [];
    while (!state.isOver) statuses.push(await change());
    return statuses;
  })();
  await upkeep();
  state.isOver = true;
  const statuses = await changes;
  expect(statuses.length).toBeGreaterThan(0);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect([await june(), failures()]).toEqual(['partition', 1]);
  expect((await exported()).at(-1)).toMatchObject({ extId: 'old' });

  await other.query('commit');
  await upkeep();
  expect([await june(), failures()]).toEqual([undefined, 1]);
});

test('10.1 an export of a month that was not dropped is written anew, whatever has become of its file', async () => {
  await other.query('begin; select count(*) from audit_log');
  await upkeep();
  const whole = await readFile(join(folder, FILE));
  const digest = await readFile(join(folder, `${FILE}.sha256`), 'utf8');
  await writeFile(join(folder, FILE), whole.subarray(0, whole.length / 2));
  await writeFile(join(folder, `${FILE}.partial`), 'of a server that was killed');
  await rm(join(folder, `${FILE}.sha256`));
  await other.query('commit');
  await upkeep();
  expect(await june()).toBeUndefined();
  expect((await exported()).at(-1)).toMatchObject({ extId: 'old' });
  expect(await readFile(join(folder, `${FILE}.sha256`), 'utf8')).toBe(digest);
  expect(await readdir(folder)).not.toContain(`${FILE}.partial`);
});

test('10.1 a month that was detached and could not be dropped is exported and dropped by the next run', async () => {
  await refuseDrops();
  await upkeep();
  expect([await june(), failures()]).toEqual(['detached', 1]);
  await writeFile(join(folder, FILE), 'truncated');
  await other.query('drop event trigger refuse');
  await upkeep();
  expect([await june(), failures()]).toEqual([undefined, 1]);
  expect((await exported()).at(-1)).toMatchObject({ extId: 'old' });
});

test('10.1 a detached month that is still read is dropped later, and the leader does not wait for it', async () => {
  await other.query(`alter table audit_events detach partition ${MONTH}`);
  await other.query(`begin; select count(*) from ${MONTH}`);
  await upkeep();
  expect([await june(), failures()]).toEqual(['detached', 1]);
  await other.query('commit');
  await upkeep();
  expect(await june()).toBeUndefined();
});

test('10.1 an export whose file was truncated while it was written is an error, and has no name', async () => {
  const file = join(folder, 'truncated.zst');
  const { rows } = await other.query<{ at: Date }>('select at from audit_log limit 1');
  const event = { ...rows[0], clientExtId: '100', extId: 'old', changes: null } as unknown as AuditEventRow;
  async function* events(): AsyncGenerator<AuditEventRow> {
    yield event;
    await expect.poll(() => existsSync(`${file}.partial`)).toBe(true);
    await rm(`${file}.partial`);
    await writeFile(`${file}.partial`, '');
  }
  await expect(writeExport(file, events())).rejects.toThrow('is not what was written');
  expect((await readdir(folder)).filter((name) => name.startsWith('truncated'))).toEqual([]);
});

const exports = () => fixture.app.log.filter((line) => line.includes('was exported')).length;

test('10.1 a month that is read for long is exported once, however often its detaching is tried', async () => {
  await other.query('begin; select count(*) from audit_log');
  await upkeep();
  const written = await stat(join(folder, FILE));
  await upkeep();
  expect([await june(), failures(), exports()]).toEqual(['partition', 2, 1]);
  await other.query('commit');
  await upkeep();
  expect([await june(), exports()]).toEqual([undefined, 1]);
  expect((await stat(join(folder, FILE))).ino).toBe(written.ino);
});

test('10.1 an event that was written after the export is exported, too', async () => {
  await other.query('begin; select count(*) from audit_log');
  await upkeep();
  await other.query('commit');
  await other.query(`insert into ${MONTH}
      (client_ext_id, id, at, actor, actor_client, action, kind, ext_id, request_id)
    select client_ext_id, gen_random_uuid(), at, actor, actor_client, action, kind, 'late', request_id
    from ${MONTH} limit 1`);
  await upkeep();
  expect(await june()).toBeUndefined();
  expect((await exported()).map(({ extId }) => extId)).toContain('late');
});

test('10.1 a month that was detached while AUDIT_EXPORT_DIR was set is not dropped without it, and others are', async () => {
  await refuseDrops();
  await upkeep();
  expect([await june(), failures()]).toEqual(['detached', 1]);
  await other.query('drop event trigger refuse');
  const { url } = fixture.app.dataSource.options as { url: string };
  const without = await startApp({ audit: { retentionDays: 30, exportDirectory: undefined } }, () => url);
  try {
    await fixture.app.get(Leader).giveBack();
    without.clock.set('2026-08-31T12:00:00Z');
    await without.scheduler.runAll();
    expect(await june()).toBe('detached');
    expect(without.log.filter((line) => line.includes(`set it, or drop the table`))).toHaveLength(1);
    expect((await other.query(`select to_regclass('audit_events_2026_07') as july`)).rows).toEqual([{ july: null }]);
    await without.get(Leader).giveBack();
  } finally {
    await without.close();
  }
  await upkeep();
  expect(await june()).toBeUndefined();
});
