// Whether the server keeps what it has done with: its resident memory after 20,000 and after 100,000 requests. The
// collector gives back and takes again some 30 MB as it likes, so a reading is the highest of the last 20,000 requests.
//   npm run bench:memory
// Exits with 1 where it has grown by more than a tenth between the two, or is above 250 MB.
import { readFile } from 'node:fs/promises';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { load, Requests } from './support/load.mjs';
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
  readings[done] = await highestMegabytes(
    server.pid,
    load(server, requests, ['get', 'comment', 'certificate'], { amount: FIRST }),
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

async function highestMegabytes(pid, loading) {
  const samples = [];
  const sampling = setInterval(() => void residentMegabytes(pid).then((megabytes) => samples.push(megabytes)), 100);
  await loading.finally(() => clearInterval(sampling));
  return Math.max(...samples);
}

/** Linux only, like the embedded server's image: other systems have no file to ask. */
async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000);
}
