// Whether the server keeps what it has done with: its resident memory after 20,000 and after 100,000 requests. The
// collector gives back and takes again some 30 MB as it likes, so a reading is the highest of the last 20,000 requests.
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
const GROWTH = 1.1;
const LIMIT_MB = 250;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log('Filling in the credentials …');
const mint = await certificateMint();
await fill(database.url, mint);
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const requests = new Requests(token, mint);

console.log(`after the start: ${await residentMegabytes(server.pid)} MB`);
const readings = {};
for (let done = FIRST; done <= ALL; done += FIRST) {
  readings[done] = await highestWhile(
    load(server, requests, ['get', 'comment', 'certificate'], { amount: FIRST }),
    async () => await residentMegabytes(server.pid),
  );
  console.log(`after ${done} requests: ${readings[done]} MB`);
}
const growth = readings[ALL] / readings[FIRST];
const held = growth <= GROWTH && readings[ALL] < LIMIT_MB;
console.log(
  `${held ? '✓' : '✗'} ${readings[ALL]} MB after ${ALL} requests (< ${LIMIT_MB}), ${growth.toFixed(2)} times those after ` +
    `${FIRST} (≤ ${GROWTH})`,
);
if (!held) process.exitCode = 1;
