// Compares searches for users with the read of one user: by equality, by beginning and by part, with few matches and with
// many, on the first page and on a later one.
//   npm run bench:user-search [-- --users 200000 --times 200]
// Prints a table and writes all figures to bench/results/user-search.json. No figure makes it fail.
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { timedRead } from './support/requests.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { users: USERS, times: TIMES } = numericOptions({ users: 200_000, times: 200 });
const WARM_UP = 20;
const LIMIT = 20;
const CORE = '/nevisidm/api/core/v1';
const LIST = `${CORE}/clients/100/users?limit=${LIMIT}`;
const SOME = Math.floor(USERS / 20);

const READ = { title: 'a user by extId', path: `${CORE}/100/users/u${SOME}` };
const SEARCHES = [
  { title: 'equality', query: `name.familyName=Family${SOME}` },
  { title: 'beginning, few matches', query: `name.familyName=FAMILY${SOME}*` },
  { title: 'beginning, a ninth of all', query: 'contacts.email=USER1*' },
  { title: 'part, few matches', query: `q=ily${SOME}` },
  { title: 'part, a hundredth of all', query: 'q=99@BENCH' },
  { title: 'part, all users', query: 'q=bench.example' },
  { title: 'part without a match', query: 'q=nobody' },
];

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log(`Inserting ${USERS} users …`);
const postgresql = await fill(database.url, await certificateMint(), { users: USERS, credentials: 0 });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

const request = async (path) => await timedRead(server, token, path);

const read = await measure(READ.path);
const results = [{ title: READ.title, milliseconds: read, ratio: 1 }];
for (const { title, query } of SEARCHES) {
  const first = `${LIST}&${query}`;
  const { continuationToken } = (await request(first)).body['_pagination'];
  await add(title, first);
  if (continuationToken === undefined) continue;
  // The token of a user in the middle.
  const middle = (await request(`${CORE}/clients/100/users?limit=1&offset=${Math.min(10_000, Math.floor(USERS / 2))}`))
    .body;
  const [{ extId, created }] = middle.items;
  await add(`${title}, later page`, `${first}&continuationToken=${Date.parse(created)}_${extId}`);
}

const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`${USERS} users, pages of ${LIMIT}, medians of ${TIMES} requests, one connection`);
console.table(
  Object.fromEntries(
    results.map(({ title, milliseconds, ratio }) => [
      title,
      { ms: milliseconds.toFixed(2), '× a read': ratio.toFixed(1) },
    ]),
  ),
);
await writeResults('user-search', { machine, users: USERS, results });

async function add(title, path) {
  const milliseconds = await measure(path);
  results.push({ title, milliseconds, ratio: milliseconds / read });
}

async function measure(path) {
  for (let time = 0; time < WARM_UP; time += 1) await request(path);
  const times = [];
  for (let time = 0; time < TIMES; time += 1) times.push((await request(path)).milliseconds);
  return median(times);
}
