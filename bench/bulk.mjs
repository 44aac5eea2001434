// Measures a job that disables many certificates of one client, beside the normal traffic of another client and of its own:
//   npm run bench:bulk [-- --rows 10000 --rounds 3 --memory 100000]
// Prints how long it takes, how much longer GETs and PATCHes take meanwhile, and how the memory of the server grows over a job
// of `--memory` rows (0 leaves it out), and writes all figures to bench/results/bulk.json. Exits with 1 where 10,000 rows
// take more than 60 s, where the p99 of another client is above 2 times or that of its own above 3 times, or where memory
// grows by more than 64 MiB.
import { readFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';

import pg from 'pg';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';
import { copyClient, overWhen, requests, trafficOf } from './support/traffic.mjs';

const {
  rows: ROWS,
  rounds: ROUNDS,
  memory: MEMORY_ROWS,
} = numericOptions({ rows: 10_000, rounds: 3, memory: 100_000 });
const USERS = 1_000;
const OTHERS = 1_000;
/** The certificates of the client of the job that its own traffic reads and changes; the job does not select them. */
const OWN = 1_000;
const QUIET_SECONDS = 10;
const CORE = '/nevisidm/api/core/v1';
const LIMITS = { seconds: 60 * (ROWS / 10_000), other: 2, own: 3, megabytes: 64 };

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const credentials = Math.max(ROWS, MEMORY_ROWS) + OWN;
console.log(`Inserting ${credentials} credentials …`);
const postgresql = await fill(database.url, await certificateMint(), { users: USERS, credentials });
const sql = new pg.Client({ connectionString: database.url });
ending.defer(() => sql.end());
await sql.connect();
await copyClient(sql, 'other', OTHERS);
await addPolicy();
await sql.query('vacuum analyze');
await sql.query('checkpoint');
const { environment, token } = await makeEnvironment(database, ['*']);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const request = requests(server.url + CORE, token);
const traffic = trafficOf(request, { users: USERS, others: OTHERS, own: { from: credentials - OWN, count: OWN } });

await traffic(after(QUIET_SECONDS * 1000)); // warm up
const rounds = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  await enableAll();
  const quiet = await traffic(after(QUIET_SECONDS * 1000));
  const job = runJob(ROWS);
  const during = await traffic(job);
  const { seconds, changed } = await job;
  if (changed !== ROWS) throw new Error(`${changed} of ${ROWS} rows were changed.`);
  rounds.push({ quiet, during, seconds });
  console.log(`Round ${round}: ${ROWS} rows in ${seconds.toFixed(1)} s, ${Math.round(ROWS / seconds)} a second`);
}
const memory = MEMORY_ROWS === 0 ? undefined : await memoryOfJob();

const ratio = (client, method) =>
  median(rounds.map(({ quiet, during }) => during[client][method].p99 / quiet[client][method].p99));
const ratios = {
  other: { GET: ratio('other', 'GET'), PATCH: ratio('other', 'PATCH') },
  own: { GET: ratio('100', 'GET'), PATCH: ratio('100', 'PATCH') },
};
const seconds = median(rounds.map((round) => round.seconds));
const checks = [
  [seconds <= LIMITS.seconds, `${ROWS} rows take ${seconds.toFixed(1)} s (≤ ${LIMITS.seconds})`],
  ...['GET', 'PATCH'].flatMap((method) => [
    [
      ratios.other[method] <= LIMITS.other,
      `${method} of another client: p99 ${ratios.other[method].toFixed(2)} times (≤ ${LIMITS.other})`,
    ],
    [
      ratios.own[method] <= LIMITS.own,
      `${method} of the same client: p99 ${ratios.own[method].toFixed(2)} times (≤ ${LIMITS.own})`,
    ],
  ]),
  ...(memory === undefined
    ? []
    : [
        [
          memory.grown <= LIMITS.megabytes,
          `memory grows by ${memory.grown} MiB over ${MEMORY_ROWS} rows (≤ ${LIMITS.megabytes})`,
        ],
      ]),
];
const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}, ${ROUNDS} rounds`);
for (const [met, text] of checks) console.log(`${met ? '✓' : '✗'} ${text}`);
const met = checks.every(([one]) => one);
const result = {
  machine,
  rows: ROWS,
  seconds,
  rowsASecond: Math.round(ROWS / seconds),
  ratios,
  memory,
  limits: LIMITS,
  met,
  rounds,
};
await writeResults('bulk', result);
if (!met) process.exitCode = 1;

/** From the request to its end; the filter selects the first `rows` certificates by their policy. */
async function runJob(rows) {
  await sql.query(
    `update credentials set policy_ext_id = case when substr(ext_id, 2)::integer < $1 then 'selected'
    else 'default' end where client_ext_id = '100' and policy_ext_id <> case when substr(ext_id, 2)::integer < $1
    then 'selected' else 'default' end`,
    [rows],
  );
  const start = performance.now();
  const { id } = await request('POST', '/100/certificates/bulk', {
    action: 'disable',
    filter: { policyExtId: 'selected' },
  });
  for (;;) {
    const job = await request('GET', `/100/certificates/bulk/${id}`);
    if (job.status === 'completed') return { seconds: (performance.now() - start) / 1000, changed: job.changed };
    if (job.status !== 'running') throw new Error(`The job is ${job.status}.`);
    await after(500);
  }
}

async function memoryOfJob() {
  await enableAll();
  const samples = [];
  const job = runJob(MEMORY_ROWS);
  const over = overWhen(job);
  while (!over.aborted) {
    samples.push(await residentMegabytes());
    await after(1000);
  }
  const { seconds: took } = await job;
  // The heap settles during the first rows.
  const settled = samples.slice(Math.floor(samples.length / 5));
  const half = Math.floor(settled.length / 2);
  const grown = Math.round(median(settled.slice(half)) - median(settled.slice(0, half)));
  return { rows: MEMORY_ROWS, seconds: Number(took.toFixed(1)), highest: Math.round(Math.max(...samples)), grown };
}

async function residentMegabytes() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** A policy for what a job selects, so that an index finds it. */
async function addPolicy() {
  await sql.query(`insert into policies (client_ext_id, ext_id, generation, policy_type, name, default_policy, parameters,
      evaluation_version, version, created, last_modified)
    values ('100', 'selected', gen_random_uuid(), 'CertificatePolicy', 'selected', false, '{}', 1, 1, now(), now())`);
}

async function enableAll() {
  await sql.query(`update credentials set state = 'active' where client_ext_id = '100' and state <> 'active'`);
  await sql.query('vacuum analyze credentials');
}
