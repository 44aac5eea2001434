// Compares the rate of creating key stores with a small p12 and secrets sealed in the database with the rate
// of creating certificate credentials, in turn in one run. Then measures the memory of the server and the time of a GET
// during ten uploads at a time of the largest p12, half of them JSON and half multipart.
//   npm run bench:keystores [-- --rounds 3 --seconds 6]
// Needs Linux and the openssl command. Prints a table and writes all figures to bench/results/key-stores.json.
// Exits with 1 where a limit is missed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import pg from 'pg';

import { certificateMint, toPem } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { bodiesOf, makeKeyStoreFile } from './support/key-store-files.mjs';
import { load } from './support/load.mjs';
import { COLUMNS, median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { read } from './support/reading.mjs';
import { highestWhile, residentMegabytes, residentMegabytesWithChildren } from './support/resident.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { rounds: ROUNDS, seconds: SECONDS } = numericOptions({ rounds: 3, seconds: 6 });
const LIMITS = { rate: 0.4, megabytes: 300, reading: 3 };

const USERS = 1_000;
const CREDENTIALS = 10_000;
/** The number of accounts for creations, as an account has at most 1,000 key stores. Each round of uploads has one more. */
const ACCOUNTS = 100;
const SMALL = 4 * 1024;
const LARGEST = 256 * 1024;
const UPLOADS = 10;
const READERS = 4;
const CORE = '/nevisidm/api/core/v1/100';

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = await certificateMint();
const postgresql = await fill(database.url, mint, { users: USERS, credentials: CREDENTIALS });
const accounts = await openAccounts(ACCOUNTS + ROUNDS);
const { environment, token } = await makeEnvironment(database, ['100', ...accounts]);
const headers = { authorization: `Bearer ${token}` };
const small = await makeKeyStoreFile(database.dataDirectory, mint, SMALL, Math.ceil);
const largest = await makeKeyStoreFile(database.dataDirectory, mint, LARGEST, Math.floor);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

const { json } = bodiesOf(small);
let created = 0;
const requests = {
  keyStore() {
    created += 1;
    const { headers: own, body } = json(`store-${created}`);
    const path = `/mtls/account/${accounts[created % ACCOUNTS]}/certificates`;
    return { method: 'POST', path, headers: { ...headers, ...own }, body };
  },
  credential() {
    created += 1;
    return {
      method: 'POST',
      path: `${CORE}/users/u${created % USERS}/certificates`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ certificate: toPem(mint.der(CREDENTIALS + created)) }),
    };
  },
};

console.log(`Creating key stores of ${small.length} bytes, and certificate credentials …`);
await load(server, requests, ['keyStore', 'credential'], { duration: 3 });
const creations = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const kinds = round % 2 === 0 ? ['keyStore', 'credential'] : ['credential', 'keyStore'];
  const measured = {};
  for (const kind of kinds) measured[kind] = await load(server, requests, [kind], { duration: SECONDS });
  creations.push(measured);
  const { keyStore, credential } = measured;
  console.log(
    `Round ${round + 1} of ${ROUNDS}: ${keyStore.perSecond} key stores/s, ${credential.perSecond} credentials/s`,
  );
}

console.log(`Uploading key stores of ${largest.length} bytes, ${UPLOADS} at a time …`);
await readForAWhile();
console.log(`Memory of the server before: ${await residentMegabytes(server.pid)} MB`);
const uploads = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const quiet = await readForAWhile();
  const uploading = startUploads(round);
  const reading = readForAWhile();
  const [megabytes, withChildren] = await Promise.all([
    highestWhile(reading, async () => await residentMegabytes(server.pid)),
    highestWhile(reading, async () => await residentMegabytesWithChildren(server.pid)),
  ]);
  const busy = await reading;
  const sent = await uploading.end();
  uploads.push({ quiet, busy, megabytes, withChildren, sent });
  console.log(
    `Round ${round + 1} of ${ROUNDS}: GET p50 ${quiet.p50} ms, during uploads ${busy.p50} ms; ${megabytes} MB, ` +
      `${withChildren} MB with its child processes;  ${sent.json + sent.multipart} uploads`,
  );
}

const results = evaluate();
const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(
  `Creations on 16 connections, GETs on ${READERS}; medians of ${ROUNDS} rounds of ${SECONDS} s, maximum memory`,
);
console.table(
  Object.fromEntries([
    ...['keyStore', 'credential'].map((kind) => [`create ${kind}`, row(creations.map((round) => round[kind]))]),
    ...['quiet', 'busy'].map((name) => [
      `GET, ${name === 'quiet' ? 'without uploads' : 'during uploads'}`,
      row(uploads.map((round) => round[name])),
    ]),
  ]),
);
for (const { title, value, limit, met } of results)
  console.log(`${met ? '✓' : '✗'} ${title}: ${Number(value.toFixed(2))} (${limit})`);
console.log(
  `  maximum memory with the child processes, which open the files: ${Math.max(...uploads.map((one) => one.withChildren))} MB`,
);
const sizes = { small: small.length, largest: largest.length };
const report = { machine, sizes, results, creations, uploads };
await writeResults('key-stores', report);
if (results.some(({ met }) => !met)) process.exitCode = 1;

/** Ratios are computed within each round, so that a slow phase of the machine affects both sides. */
function evaluate() {
  const rate = median(creations.map(({ keyStore, credential }) => keyStore.perSecond / credential.perSecond));
  const reading = median(uploads.map(({ quiet, busy }) => busy.p50 / quiet.p50));
  const megabytes = Math.max(...uploads.map((one) => one.megabytes));
  return [
    {
      title: 'ratio of key stores/s to credentials/s',
      value: rate,
      limit: `≥ ${LIMITS.rate}`,
      met: rate >= LIMITS.rate,
    },
    {
      title: 'maximum memory of the server in MB',
      value: megabytes,
      limit: `< ${LIMITS.megabytes}`,
      met: megabytes < LIMITS.megabytes,
    },
    {
      title: 'ratio of the median GET during uploads to the one without',
      value: reading,
      limit: `≤ ${LIMITS.reading}`,
      met: reading <= LIMITS.reading,
    },
  ];
}

function row(rounds) {
  const figures = Object.entries(COLUMNS);
  return Object.fromEntries(figures.map(([name, title]) => [title, median(rounds.map((round) => round[name]))]));
}

async function openAccounts(count) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    `insert into clients (ext_id, generation, name, version, created, last_modified)
      select 'a' || n, gen_random_uuid(), 'account ' || n, 1, now(), now() from generate_series(1, $1::integer) n
      returning ext_id`,
    [count],
  );
  await client.end();
  return rows.map(({ ext_id: account }) => account);
}

function startUploads(round) {
  const child = fork(join(import.meta.dirname, 'support', 'uploads.mjs'), { serialization: 'advanced' });
  child.send({ url: server.url, headers, account: accounts[ACCOUNTS + round], p12: largest, connections: UPLOADS });
  const done = Promise.race([
    once(child, 'message').then(([sent]) => sent),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The uploads ended with ${code}.`))),
  ]);
  // A rejection is handled by whoever awaits it; until then it must not end the process.
  done.catch(() => undefined);
  return {
    async end() {
      if (child.connected) child.send('end');
      return await done;
    },
  };
}

async function readForAWhile() {
  return await read(server, headers, { readers: READERS, seconds: SECONDS, users: USERS, credentials: CREDENTIALS });
}
