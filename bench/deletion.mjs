// Measures a GET of one client with and without the deletion of another client with 50,000 credentials, in one run.
//   npm run bench:deletion [-- --rounds 3 --credentials 50000]
// Prints a table and writes all figures to bench/results/deletion.json. Exits with 1 where the p99 of a GET takes
// more than 3 times as long during the deletion.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { COLUMNS, median } from './support/median.mjs';
import { read } from './support/reading.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    credentials: { type: 'string', default: '50000' },
  },
});
const ROUNDS = Number(options.rounds);
const CREDENTIALS = Number(options.credentials);
const USERS = 1_000;
const READERS = 4;
const SECONDS = 6;
const MAX_RATIO = 3;
const CLIENTS = '/nevisidm/api/core/v1/clients';
/** The number of credentials of the other client. */
const OTHERS = 1_000;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log(`Inserting ${CREDENTIALS} credentials …`);
const postgresql = await fill(database.url, await certificateMint(), { users: USERS, credentials: CREDENTIALS });
// Closed before the database ends, also after an error.
const sql = new pg.Client({ connectionString: database.url });
ending.defer(() => sql.end());
await sql.connect();
const deleted = Array.from({ length: ROUNDS }, (_, round) => `large-${round + 1}`);
await copyClient('other', OTHERS);
for (const client of deleted) await copyClient(client, CREDENTIALS);
await sql.query('vacuum analyze');
await sql.query('checkpoint');
const { environment, token } = await makeEnvironment(database, ['*']);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const headers = { authorization: `Bearer ${token}` };

await readFor(SECONDS); // warm up
const figures = [];
for (const client of deleted) {
  const quiet = await readFor(SECONDS);
  const deletion = deleteClient(client);
  const during = await readFor(SECONDS, deletion);
  const seconds = await deletion;
  figures.push({ quiet, during, seconds });
  console.log(`${client}: GET p99 ${quiet.p99} ms, during a deletion of ${seconds.toFixed(1)} s ${during.p99} ms`);
}

const ratio = median(figures.map(({ quiet, during }) => during.p99 / quiet.p99));
const met = ratio <= MAX_RATIO;
const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.versions.node, postgresql };
console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, PostgreSQL ${postgresql}`);
console.log(`${CREDENTIALS} credentials deleted, ${READERS} reading connections, medians of ${ROUNDS} rounds`);
console.table(
  Object.fromEntries(
    ['quiet', 'during'].map((name) => [
      name,
      Object.fromEntries(
        Object.entries(COLUMNS).map(([figure, title]) => [title, median(figures.map((one) => one[name][figure]))]),
      ),
    ]),
  ),
);
console.log(`${met ? '✓' : '✗'} the p99 of a GET takes ${ratio.toFixed(2)} times as long (≤ ${MAX_RATIO})`);
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
const result = { machine, ratio: Number(ratio.toFixed(2)), limit: MAX_RATIO, met, figures };
await writeFile(join(folder, 'deletion.json'), `${JSON.stringify(result, undefined, 2)}\n`);
if (!met) process.exitCode = 1;

/** Copies client 100 under another name, with this number of its credentials. */
async function copyClient(name, credentials) {
  for (const [table, key, condition] of [
    ['clients', 'ext_id', ''],
    ['policies', 'client_ext_id', ''],
    ['users', 'client_ext_id', ''],
    ['credentials', 'client_ext_id', `and substr(ext_id, 2)::integer < ${credentials}`],
  ]) {
    await sql.query(`create temporary table copied as select * from ${table} where ${key} = '100' ${condition}`);
    await sql.query(`update copied set ${key} = $1${table === 'clients' ? ', name = $1' : ''}`, [name]);
    await sql.query(`insert into ${table} select * from copied`);
    await sql.query('drop table copied');
  }
}

async function deleteClient(client) {
  const start = performance.now();
  const answer = await fetch(`${server.url}${CLIENTS}/${client}`, { method: 'DELETE', headers });
  const text = await answer.text();
  if (answer.status !== 204) throw new Error(`DELETE ${client}: ${answer.status} ${text}`);
  return (performance.now() - start) / 1000;
}

async function readFor(seconds, until) {
  return await read(server, headers, {
    client: 'other',
    readers: READERS,
    seconds,
    users: USERS,
    credentials: OTHERS,
    until,
  });
}
