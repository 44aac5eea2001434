// Compares the time of the first and the last page of two lists: C6, the users of a client, and X1, the certificates of
// a user. Each is read by tokens from the first page to the last, and then both pages are measured in turn.
//   npm run bench:lists [-- --users 300000 --certificates 100000 --times 300]
// Prints a table and writes all figures to bench/results/lists.json. Exits with 1 where the last full page takes
// more than 1.3 times as long as the first.
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { timedRead } from './support/requests.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const {
  users: USERS,
  certificates: CERTIFICATES,
  times: TIMES,
} = numericOptions({ users: 300_000, certificates: 100_000, times: 300 });
const WARM_UP = 50;
const LIMIT = 100;
const MAX_RATIO = 1.3;
const CORE = '/nevisidm/api/core/v1';

const LISTS = [
  { title: `C6, ${USERS} users`, path: `${CORE}/clients/100/users`, count: USERS },
  { title: `X1, ${CERTIFICATES} certificates`, path: `${CORE}/100/users/u0/certificates`, count: CERTIFICATES },
];

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log(`Inserting ${USERS} users, and ${CERTIFICATES} certificates of one of them …`);
const postgresql = await fill(database.url, await certificateMint(), {
  users: USERS,
  owners: 1,
  credentials: CERTIFICATES,
});
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

const page = async (path) => await timedRead(server, token, path);

const results = [];
for (const list of LISTS) results.push(await measure(list));

const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`Pages of ${LIMIT} items, medians of ${TIMES} requests in turn, one connection`);
console.table(Object.fromEntries(results.map(row)));
await writeResults('lists', { machine, results });
if (results.some(({ met }) => !met)) process.exitCode = 1;

async function measure({ title, path, count }) {
  const first = `${path}?limit=${LIMIT}`;
  const walked = await walk(first);
  if (walked.items !== count) throw new Error(`${title}: the pages have ${walked.items} items.`);
  for (let time = 0; time < WARM_UP; time += 1) await page(walked.last);
  const times = { first: [], last: [] };
  for (let time = 0; time < TIMES; time += 1) {
    times.first.push((await page(first)).milliseconds);
    times.last.push((await page(walked.last)).milliseconds);
  }
  const medians = { first: median(times.first), last: median(times.last) };
  const ratio = Number((medians.last / medians.first).toFixed(2));
  return { title, pages: walked.pages, ...medians, ratio, limit: MAX_RATIO, met: ratio <= MAX_RATIO };
}

/** Reads all pages; returns the path of the last full one. */
async function walk(first) {
  let [asked, last, items, pages] = [first, first, 0, 0];
  for (;;) {
    const { body } = await page(asked);
    items += body.items.length;
    pages += 1;
    if (body.items.length === LIMIT) last = asked;
    const { continuationToken } = body['_pagination'];
    if (continuationToken === undefined) return { last, items, pages };
    asked = `${first}&continuationToken=${encodeURIComponent(continuationToken)}`;
  }
}

function milliseconds(time) {
  return Number(time.toFixed(2));
}

function row({ title, pages, first, last, ratio, limit, met }) {
  const share = `${ratio.toFixed(2)} (≤ ${limit}) ${met ? '✓' : '✗'}`;
  return [title, { pages, 'first ms': milliseconds(first), 'last full ms': milliseconds(last), 'last/first': share }];
}
