// Tests for memory leaks: the resident memory of the server after 20,000 and after 100,000 requests. The
// garbage collector causes variations of some 30 MB, so a reading is the maximum during the last 20,000 requests.
//   npm run bench:memory
// Exits with 1 where it has grown by more than a tenth between the two, or is above 250 MB.
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { load, Requests } from './support/load.mjs';
import { highestWhile, residentMegabytes } from './support/resident.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const FIRST = 20_000;
const ALL = 100_000;
const MAX_GROWTH = 1.1;
const MAX_MB = 250;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log('Inserting credentials …');
const mint = await certificateMint();
await fill(database.url, mint);
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const requests = new Requests(token, mint);

console.log(`After the start: ${await residentMegabytes(server.pid)} MB`);
const readings = {};
for (let done = FIRST; done <= ALL; done += FIRST) {
  readings[done] = await highestWhile(
    load(server, requests, ['get', 'comment', 'certificate'], { amount: FIRST }),
    async () => await residentMegabytes(server.pid),
  );
  console.log(`After ${done} requests: ${readings[done]} MB`);
}
const growth = readings[ALL] / readings[FIRST];
const met = growth <= MAX_GROWTH && readings[ALL] < MAX_MB;
console.log(
  `${met ? '✓' : '✗'} ${readings[ALL]} MB after ${ALL} requests (< ${MAX_MB}), ${growth.toFixed(2)} times those after ` +
    `${FIRST} (≤ ${MAX_GROWTH})`,
);
if (!met) process.exitCode = 1;
