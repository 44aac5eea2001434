// What the audit log costs when it is large: bytes an event, the first page of every filter, the rate of changes beside
// that with a small log, and the drop of a month.
//   npm run bench:audit [-- --events 10000000 --clients 1000 --seconds 8]
// The tables go to the screen, all figures to bench/results/audit.json. Exits with 1 where a bar is missed.
import { setTimeout as after } from 'node:timers/promises';

import pg from 'pg';

import { createPartition, monthOf, readMonths } from '../dist/src/audit/partitions.js';
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { read } from './support/reading.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const {
  events: EVENTS,
  clients: CLIENTS,
  seconds: SECONDS,
} = numericOptions({ events: 10_000_000, clients: 1_000, seconds: 8 });
const SMALL = Math.min(100_000, EVENTS / 10);
const BATCH = 50_000;
const MONTHS = 3;
const WRITERS = 8;
const READERS = 4;
const CREDENTIALS = 2_000;
const USERS = 100;
const TIMES = 7;
const BARS = { bytes: 900, firstPage: 20, refusal: 2200, otherTenant: 3, rate: 0.9, drop: 5, wait: 100 };
const CORE = '/nevisidm/api/core/v1';

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const postgresql = await fill(database.url, await certificateMint(), { users: USERS, credentials: CREDENTIALS });
const sql = new pg.Client({ connectionString: database.url });
ending.defer(() => sql.end());
await sql.connect();
const runner = { run: async ({ text }, values) => (await sql.query(text, values)).rows };
const { environment, token } = await makeEnvironment(database, ['*']);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
let server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

const now = new Date();
// The server makes that of this month before it listens, unless it could not.
for (let month = -MONTHS; month <= 0; month += 1) {
  const known = await readMonths(runner);
  const made = monthOf(now, month);
  if (known.some(({ table }) => table === made.table)) continue;
  await sql.query('begin');
  await createPartition(runner, made);
  await sql.query('commit');
}
await patch(0);
const results = [];

console.log(`Writing ${SMALL} events …`);
await fillEvents(0, SMALL);
const small = await changesFor(SECONDS);
console.log(`Writing ${EVENTS - SMALL} events more …`);
await fillEvents(SMALL, EVENTS);
await sql.query('vacuum analyze audit_events');
await sql.query('checkpoint');
const [{ bytes, count }] = await runner.run({
  text: `select sum(pg_total_relation_size(inhrelid))::float8 as bytes, (select count(*) from audit_events)::float8 as count
    from pg_inherits where inhparent = 'audit_events'::regclass`,
});
check('bytes an event, with all indexes', Math.round(bytes / count), BARS.bytes);
const large = await changesFor(SECONDS);
check('changes a second, of those with a small log', Number((large / small).toFixed(2)), BARS.rate, (a, b) => a >= b);

const quiet = await readFor(SECONDS);
const [{ actor, user_ext_id: user, ext_id: resource }] = await runner.run({
  text: `select actor, user_ext_id, ext_id from audit_events where client_ext_id = 't0' order by at limit 1`,
});
for (const filter of [
  '',
  `extId=${resource}`,
  `userExtId=${user}`,
  `actor=${actor}`,
  'action=changed',
  'action=archived',
  'kind=certificate',
  'kind=keyStore',
  `userExtId=${user}&action=archived`,
  `from=${new Date(now.getTime() - 40 * 86_400_000).toISOString()}`,
]) {
  for (const order of ['asc', 'desc']) {
    const query = [filter, `order=${order}`].filter(Boolean).join('&');
    let over = false;
    const during = readFor(1, undefined, () => over);
    const times = [];
    let status = 200;
    for (let time = 0; time < TIMES && (status === 200 || time < 2); time += 1) {
      const start = performance.now();
      const answer = await fetch(`${server.url}${CORE}/t0/audit-events?${query}`, { headers });
      await answer.arrayBuffer();
      ({ status } = answer);
      times.push(performance.now() - start);
    }
    over = true;
    const ratio = (await during).p99 / quiet.p99;
    const took = Number(median(times).toFixed(1));
    check(`first page ${query}: ${status}, ms`, took, status === 200 ? BARS.firstPage : BARS.refusal);
    check(`  p99 of another client's GET meanwhile, of quiet`, Number(ratio.toFixed(2)), BARS.otherTenant);
  }
}

console.log('Dropping the oldest months …');
await server[Symbol.asyncDispose]();
const [oldest] = await readMonths(runner);
const days = Math.floor((now.getTime() - oldest.to.getTime()) / 86_400_000);
// Before the server starts: it cannot drop what is being counted.
const [{ count: dropped }] = await runner.run({ text: `select count(*)::float8 as count from ${oldest.table}` });
server = ending.use(
  await startServer('certkeep', { ...environment, AUDIT_RETENTION_DAYS: String(days) }, database.dataDirectory),
);
const started = performance.now();
let longest = 0;
for (let exists = true; exists;) {
  const start = performance.now();
  await patch(1);
  longest = Math.max(longest, performance.now() - start);
  [{ exists }] = await runner.run({ text: `select to_regclass('${oldest.table}') is not null as exists` });
}
// The server begins a second after its start.
check(
  `drop of a month of ${dropped} events, seconds`,
  Number(((performance.now() - started) / 1000 - 1).toFixed(1)),
  BARS.drop,
);
check('longest PATCH meanwhile, ms', Math.round(longest), BARS.wait);

const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`${EVENTS} events of ${CLIENTS} clients, of which t0 has three in ten, in ${MONTHS + 1} months`);
console.table(Object.fromEntries(results.map(({ name, value, bar, reached }) => [name, { value, bar, reached }])));
await writeResults('audit', { machine, small, large, results });
if (results.some(({ reached }) => !reached)) process.exitCode = 1;

function check(name, value, bar, reaches = (a, b) => a <= b) {
  const reached = reaches(value, bar);
  results.push({ name, value, bar, reached });
  console.log(`${reached ? '✓' : '✗'} ${name}: ${value} (bar ${bar})`);
}

/** Copies of the event of a comment PATCH, spread over the months in the order of time. */
async function fillEvents(from, to) {
  const start = monthOf(now, -MONTHS).from.getTime();
  const step = (now.getTime() - start) / EVENTS;
  for (let first = from; first < to; first += BATCH) {
    await sql.query(
      `insert into audit_events (client_ext_id, id, at, actor, actor_client, address, action, kind, ext_id, user_ext_id,
         generation, version, changes, after, sha256, reason, comment, request_id)
       select c.client, i.id, t.at, 'a' || n % 300, c.client, '192.0.2.' || n % 250, 'changed', 'certificate', 'c' || n % 5000,
         'u' || n % 1000, gen_random_uuid(), n % 90 + 1,
         jsonb_build_object('modificationComment', jsonb_build_object('from', 'comment ' || n - 1, 'to', 'comment ' || n)),
         e.after || jsonb_build_object('comment', 'comment ' || n), e.sha256, e.reason, 'comment ' || n, gen_random_uuid()::text
       from (select * from audit_events where client_ext_id = '100' and ext_id = 'c0' limit 1) e,
         generate_series($1::integer, $2::integer) n,
         lateral (select case when n % 10 < 3 then 't0' else 't' || 1 + n % ($3::integer - 1) end) as c (client),
         lateral (select to_timestamp(($4::float8 + n * $5::float8) / 1000)::timestamptz(3)) as t (at),
         lateral (select (lpad(to_hex((extract(epoch from t.at) * 1000)::bigint), 12, '0') || substr(md5(n::text), 1, 20))::uuid) as i (id)`,
      [first, Math.min(first + BATCH, to) - 1, CLIENTS, start, step],
    );
    if ((first / BATCH) % 20 === 0) process.stdout.write(`\r${first} of ${to}`);
  }
  process.stdout.write('\r');
}

async function patch(number, comment = Math.random()) {
  const path = `${CORE}/100/users/u${number % USERS}/certificates/c${number}`;
  const body = JSON.stringify({ modificationComment: `comment ${comment}` });
  const answer = await fetch(server.url + path, { method: 'PATCH', headers, body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
}

/** How many a second. */
async function changesFor(seconds) {
  const end = performance.now() + seconds * 1000;
  let changes = 0;
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let number = writer; performance.now() < end; number = (number + WRITERS) % CREDENTIALS) {
        await patch(number);
        changes += 1;
      }
    }),
  );
  return changes / seconds;
}

async function readFor(seconds, until, isOver) {
  const stop = isOver === undefined ? until : untilOver(isOver);
  return await read(server, headers, {
    readers: READERS,
    seconds,
    users: USERS,
    credentials: CREDENTIALS,
    until: stop,
  });
}

async function untilOver(isOver) {
  while (!isOver()) await after(20);
}
