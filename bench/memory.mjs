// Whether the server keeps what it has done with: its resident memory after 20,000 and after 100,000 requests.
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

const readings = { 0: await residentMegabytes(server.pid) };
for (let done = 0; done < ALL; done += FIRST) {
  await load(server, requests, ['get', 'comment', 'certificate'], { amount: FIRST });
  readings[done + FIRST] = await residentMegabytes(server.pid);
  console.log(`after ${done + FIRST} requests: ${readings[done + FIRST]} MB`);
}
const growth = readings[ALL] / readings[FIRST];
const held = growth <= GROWTH && readings[ALL] < LIMIT_MB;
console.log(
  `${held ? '✓' : '✗'} ${readings[ALL]} MB after ${ALL} requests (< ${LIMIT_MB}), ${growth.toFixed(2)} times those after ` +
    `${FIRST} (≤ ${GROWTH})`,
);
if (!held) process.exitCode = 1;

/** Linux only, like the embedded server's image: other systems have no file to ask. */
async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000);
}
