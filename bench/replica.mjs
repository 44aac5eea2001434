// Measures what DATABASE_REPLICA_URL takes off the primary: milliseconds of processor time of the primary and of the replica for
// each request, with and without a replica, in turn.
//   npm run bench:replica [-- --users 100000 --certificates 100000 --seconds 3 --rounds 3]
// Prints a table and writes all figures to bench/results/replica.json. No figure makes it fail. Linux only.
import { setTimeout as pause } from 'node:timers/promises';

import pg from 'pg';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { postmasterOf, processorMs } from './support/processor.mjs';
import { startReplica } from './support/replica.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const {
  users: USERS,
  certificates: CERTIFICATES,
  seconds: SECONDS,
  rounds: ROUNDS,
} = numericOptions({ users: 100_000, certificates: 100_000, seconds: 3, rounds: 3 });
const CONNECTIONS = 4;
const EVENTS = Math.min(1_000, USERS, CERTIFICATES);
const CORE = '/nevisidm/api/core/v1';

const REQUESTS = [
  { title: 'users, page of 100', path: `${CORE}/clients/100/users?limit=100` },
  { title: 'users by beginning, page of 20', path: `${CORE}/clients/100/users?limit=20&name.familyName=family1*` },
  { title: 'users by part, a hundredth of all', path: `${CORE}/clients/100/users?limit=20&q=99@bench` },
  { title: 'users by part, no match', path: `${CORE}/clients/100/users?limit=20&q=nobody` },
  { title: 'certificates of the client, page of 100', path: `${CORE}/100/certificates?limit=100` },
  { title: 'certificates of a user', path: `${CORE}/100/users/u1/certificates` },
  { title: 'audit log, page of 100', path: `${CORE}/100/audit-events?limit=100` },
  { title: 'GET of a certificate', path: `${CORE}/100/users/u1/certificates/c1` },
];

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log(`Inserting ${USERS} users and ${CERTIFICATES} certificates …`);
const postgresql = await fill(database.url, await certificateMint(), { users: USERS, credentials: CERTIFICATES });
await withoutLeader();
const replica = ending.use(await startReplica(database));
const { environment, token } = await makeEnvironment(database);
const headers = { authorization: `Bearer ${token}` };
const variants = {
  without: ending.use(await startServer('certkeep', environment, database.dataDirectory)),
  with: ending.use(
    await startServer('certkeep', { ...environment, DATABASE_REPLICA_URL: replica.url }, replica.dataDirectory),
  ),
};
const processes = {
  primary: await postmasterOf(database.dataDirectory),
  replica: await postmasterOf(replica.dataDirectory),
};
for (let event = 0; event < EVENTS; event += 1) await change(event);
await isUsed();

const results = [];
for (const { title, path } of REQUESTS) {
  const figures = { without: [], with: [] };
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [variant, server] of Object.entries(variants)) {
      const measured = await measure(server, path);
      if (round > 0) figures[variant].push(measured);
    }
  }
  const of = (variant, part) => median(figures[variant].map((each) => each[part]));
  const [without, left, moved] = [of('without', 'primary'), of('with', 'primary'), of('with', 'replica')];
  results.push({ title, without, left, moved, share: 1 - left / without });
}

const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(
  `Milliseconds of a core for each request, medians of ${ROUNDS} rounds of ${SECONDS} s on ${CONNECTIONS} connections`,
);
console.table(
  Object.fromEntries(
    results.map(({ title, without, left, moved, share }) => [
      title,
      {
        'primary alone': without.toFixed(3),
        'primary, with a replica': left.toFixed(3),
        replica: moved.toFixed(3),
        'taken off the primary': `${Math.round(share * 100)} %`,
      },
    ]),
  ),
);
await writeResults('replica', { machine, results });

/** Another server holds the lease, so that nothing is done in the background during a measurement. */
async function withoutLeader() {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`insert into leases (name, holder, until)
    values ('background', gen_random_uuid(), now() + interval '1 day')`);
  await client.end();
}

async function measure(server, path) {
  const before = await used();
  const end = performance.now() + SECONDS * 1_000;
  let requests = 0;
  const ask = async () => {
    while (performance.now() < end) {
      await request(server.url + path);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  const after = await used();
  return Object.fromEntries(Object.keys(processes).map((name) => [name, (after[name] - before[name]) / requests]));
}

async function used() {
  const entries = Object.entries(processes).map(async ([name, pid]) => [name, await processorMs(pid)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function request(url, more) {
  const answer = await fetch(url, { headers, ...more });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${text.slice(0, 500)}`);
  return text;
}

/** So that there are events to list. */
async function change(number) {
  await request(`${variants.without.url}${CORE}/100/users/u${number}/certificates/c${number}`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ modificationComment: `event ${number}` }),
  });
}

/** Resolves once the server reads from the replica. */
async function isUsed() {
  for (let tries = 0; tries < 60; tries += 1) {
    const { parts } = JSON.parse(await request(`${variants.with.url}/health/ready`));
    if (parts.replica === 'up') return;
    await pause(500);
  }
  throw new Error('The replica is not used.');
}
