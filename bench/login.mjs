// Measures a GET during a flood of wrong passwords (T1), more than the server can answer, and without it, in turn in one
// run. Each argon2id takes some 20 ms of CPU time, but runs outside of the main thread, at most four at a time; the rest
// is refused.
//   npm run bench:login [-- --rounds 3 --seconds 6 --rate 200]
// Prints a table and writes all figures to bench/results/login.json. Exits with 1 where the median GET takes more
// than 3 times as long during the flood.
import { readFile } from 'node:fs/promises';

import autocannon from 'autocannon';
import { SignJWT } from 'jose';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { COLUMNS, median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { read } from './support/reading.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

/** `RATE`: wrong passwords a second, by default twice what two cores can hash at best. */
const { rounds: ROUNDS, seconds: SECONDS, rate: RATE } = numericOptions({ rounds: 3, seconds: 6, rate: 200 });
/** The users of a round: enough that the limit of twenty attempts for each does not end the flood. */
const GUESSED = 200;
const USERS = GUESSED * ROUNDS;
const CREDENTIALS = 10_000;
const READERS = 4;
const MAX_RATIO = 3;
const CORE = '/nevisidm/api/core/v1/100';
const JSON_TYPE = { 'content-type': 'application/json' };

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const postgresql = await fill(database.url, await certificateMint(), { users: USERS, credentials: CREDENTIALS });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const administrator = { authorization: `Bearer ${token}` };

console.log(`Creating passwords of ${USERS} users …`);
await create(`${CORE}/policies`, { policyType: 'PwdPolicy', name: 'passwords', defaultPolicy: true });
for (let user = 0; user < USERS; user += 1) {
  await create(`${CORE}/users/u${user}/password`, { password: 'correct horse battery staple' });
}
const guesses = await Promise.all(Array.from({ length: USERS }, async (_, user) => await guess(user)));

await readForAWhile(); // warm up
const figures = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const quiet = await readForAWhile();
  const flood = autocannon({
    url: server.url,
    connections: 16,
    overallRate: RATE,
    duration: SECONDS + 2,
    workers: 1,
    requests: guesses.slice(round * GUESSED, (round + 1) * GUESSED),
  });
  const flooded = await readForAWhile();
  const { statusCodeStats, latency } = await flood;
  const answers = Object.fromEntries(Object.entries(statusCodeStats).map(([status, { count }]) => [status, count]));
  figures.push({ quiet, flooded, answers, loginP50: latency.p50 });
  console.log(
    `Round ${round + 1} of ${ROUNDS}: GET p50 ${quiet.p50} ms, during the flood ${flooded.p50} ms; answers of T1:`,
    answers,
  );
}

const ratio = median(figures.map(({ quiet, flooded }) => flooded.p50 / quiet.p50));
const met = ratio <= MAX_RATIO;
const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`${RATE} wrong passwords/s, ${READERS} reading connections, medians of ${ROUNDS} rounds`);
console.table(
  Object.fromEntries(
    ['quiet', 'flooded'].map((name) => [
      name,
      Object.fromEntries(
        Object.entries(COLUMNS).map(([figure, title]) => [title, median(figures.map((one) => one[name][figure]))]),
      ),
    ]),
  ),
);
console.log(`${met ? '✓' : '✗'} the median GET takes ${ratio.toFixed(2)} times as long (≤ ${MAX_RATIO})`);
const result = { machine, rate: RATE, ratio: Number(ratio.toFixed(2)), limit: MAX_RATIO, met, figures };
await writeResults('login', result);
if (!met) process.exitCode = 1;

async function create(path, body) {
  const request = { method: 'POST', headers: { ...administrator, ...JSON_TYPE }, body: JSON.stringify(body) };
  const answer = await fetch(server.url + path, request);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

async function guess(user) {
  const secret = await readFile(environment.JWT_SECRET_FILE);
  const bearer = await new SignJWT({ client_ext_id: '100', roles: ['nevisIdm.SelfAdmin'] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(`u${user}`)
    .setIssuer('certkeep')
    .setAudience('certkeep')
    .setExpirationTime('4h')
    .sign(secret);
  return {
    method: 'POST',
    path: '/nevisidm/api/principal/v1/token',
    headers: { authorization: `Bearer ${bearer}`, ...JSON_TYPE },
    body: JSON.stringify({ grant_type: 'password', username: `user${user}`, password: 'a wrong one' }),
  };
}

async function readForAWhile() {
  return await read(server, administrator, {
    readers: READERS,
    seconds: SECONDS,
    users: USERS,
    credentials: CREDENTIALS,
  });
}
