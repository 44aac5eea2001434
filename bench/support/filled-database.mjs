import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import pg from 'pg';

import { certificateColumns } from '../../dist/src/certificates/certificate-store.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded-postgres.js';
import { SEARCH_INDEXES, USER_TEXT_INDEX } from '../../dist/src/database/search-indexes.js';
import { certificateMint } from './certificates.mjs';
import { fill, migrateDatabase } from './database.mjs';
import { insertCertificatesOfPeople, nameUsers } from './people.mjs';

const COUNTING = 'pg_stat_statements';

/**
 * A database with `certificates` certificates `c0` and so on of half as many users `u0` and so on, in turn, with all
 * indexes, that counts statements. With `data`, it stays in that folder and is used again by the next run, however many
 * certificates it has.
 */
export async function openFilledDatabase(ending, { data, certificates }) {
  const dataDirectory = data === undefined ? await temporaryFolder(ending) : resolve(data);
  await mkdir(dataDirectory, { recursive: true });
  // As root the server runs as another account, which needs access.
  await chmod(dataDirectory, 0o711);
  const { url, client } = await startCounting(ending, dataDirectory);
  // A folder that is used again may be of an older version.
  if (await isFilled(client)) await upgrade(client, url);
  else await fillWithPeople(client, url, certificates);
  const { rows } = await client.query(`select current_setting('server_version') as postgresql,
    (select count(*)::integer from credentials where client_ext_id = '100' and ext_id like 'c%') as certificates,
    (select count(*)::integer from users where client_ext_id = '100') as users`);
  return { url, dataDirectory, client, ...rows[0] };
}

async function temporaryFolder(ending) {
  const folder = await mkdtemp(join(tmpdir(), 'certkeep-bench-'));
  ending.defer(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

/** PostgreSQL loads the library only when it starts, so that it is started twice the first time. */
async function startCounting(ending, dataDirectory) {
  const server = await startEmbeddedPostgres({ dataDirectory, durable: true, announce: console.log });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query(`select current_setting('shared_preload_libraries') as loaded`);
  if (rows[0].loaded === COUNTING) {
    ending.defer(async () => await server.stop());
    ending.defer(async () => await client.end());
    await client.query(`create extension if not exists ${COUNTING}`);
    return { url: server.url, client };
  }
  await client.query(`alter system set shared_preload_libraries = '${COUNTING}'`);
  await client.end();
  await server.stop();
  return await startCounting(ending, dataDirectory);
}

async function isFilled(client) {
  const { rows } = await client.query(`select to_regclass('credentials') is not null as migrated`);
  if (!rows[0].migrated) return false;
  const { rows: last } = await client.query(`select 1 from leases where name = 'filled'`);
  return last.length > 0;
}

/** No server leads, so that none builds the indexes. */
async function upgrade(client, url) {
  await migrateDatabase(url);
  await client.query(`set maintenance_work_mem = '1GB'`);
  const names = [...SEARCH_INDEXES, USER_TEXT_INDEX].map(({ name }) => name);
  const { rows } = await client.query('select indexname from pg_indexes where indexname = any($1)', [names]);
  if (rows.length === names.length) return;
  console.log('Building the indexes …');
  for (const { name, on } of [...SEARCH_INDEXES, USER_TEXT_INDEX]) {
    await client.query(`create index if not exists ${name} ${on}`);
  }
  await client.query('vacuum analyze');
}

async function fillWithPeople(client, url, certificates) {
  const users = Math.ceil(certificates / 2);
  console.log(`Inserting ${certificates} certificates of ${users} users …`);
  const mint = await certificateMint();
  await fill(url, mint, { users, credentials: 0 });
  const indexes = [...SEARCH_INDEXES, USER_TEXT_INDEX];
  for (const { name } of indexes) await client.query(`drop index if exists ${name}`);
  await nameUsers(client, users);
  await insertCertificatesOfPeople(client, mint, certificateColumns, { users, certificates });
  console.log('Building the indexes …');
  await client.query(`set maintenance_work_mem = '1GB'`);
  for (const { name, on } of indexes) await client.query(`create index ${name} ${on}`);
  await client.query('vacuum full analyze users');
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  // Another server holds the lease, so that nothing is done in the background during a measurement.
  await client.query(`insert into leases (name, holder, until) values
    ('background', gen_random_uuid(), now() + interval '1 year'), ('filled', gen_random_uuid(), now())`);
}
