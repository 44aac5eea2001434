// Measures a GET of one client with and without the deletion of another client with 50,000 credentials, in one run.
//   npm run bench:deletion [-- --rounds 3 --credentials 50000]
// Prints a table and writes all figures to bench/results/deletion.json. Exits with 1 where the p99 of a GET takes
// more than 3 times as long during the deletion.
import pg from 'pg';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { COLUMNS, median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { read } from './support/reading.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';
import { copyClient } from './support/traffic.mjs';

const { rounds: ROUNDS, credentials: CREDENTIALS } = numericOptions({ rounds: 3, credentials: 50_000 });
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
await copyClient(sql, 'other', OTHERS);
for (const client of deleted) await copyClient(sql, client, CREDENTIALS);
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
const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
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
const result = { machine, ratio: Number(ratio.toFixed(2)), limit: MAX_RATIO, met, figures };
await writeResults('deletion', result);
if (!met) process.exitCode = 1;

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
