// Tests for memory leaks: the resident memory of the server while GETs and both PATCHes are sent in turn. The garbage collector
// causes variations of some 30 MB, so a reading is the maximum during a fifth of the requests.
//   npm run bench:memory [-- --requests 1000000 --data FOLDER]
// Exits with 1 where it has grown by more than a tenth between the first reading and the last, or is above 200 MB.
import { parseArgs } from 'node:util';

import { certificateMint } from './support/certificates.mjs';
import { endWithSignal } from './support/ending.mjs';
import { openFilledDatabase } from './support/filled-database.mjs';
import { findGenerator } from './support/generator.mjs';
import { highestWhile, residentMegabytes } from './support/resident.mjs';
import { addAccounts, requestsOf } from './support/routes.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, data: { type: 'string' } },
});
const ALL = Number(options.requests);
const READINGS = 5;
const MAX_GROWTH = 1.1;
const MAX_MB = 200;
/** Of one call of the generator. */
const SECONDS = 5;

await using ending = endWithSignal();
const database = await openFilledDatabase(ending, { data: options.data, certificates: 100_000 });
const accounts = await addAccounts(database.client);
const { environment, token } = await makeEnvironment(database, ['100', ...accounts]);
const requests = await requestsOf(database, { token, mint: await certificateMint(), accounts });
const generator = await findGenerator();
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

console.log(`After the start: ${await residentMegabytes(server.pid)} MB; load by ${generator.name}`);
const readings = [];
let done = 0;
for (let reading = 1; reading <= READINGS; reading += 1) {
  const target = (ALL * reading) / READINGS;
  const highest = await highestWhile(
    (async () => {
      while (done < target) done += await send();
    })(),
    async () => await residentMegabytes(server.pid),
  );
  readings.push(highest);
  console.log(`After ${done} requests: ${highest} MB`);
}
const growth = readings.at(-1) / readings[0];
const met = growth <= MAX_GROWTH && readings.at(-1) <= MAX_MB;
console.log(
  `${met ? '✓' : '✗'} ${readings.at(-1)} MB after ${done} requests (≤ ${MAX_MB}), ${growth.toFixed(2)} times those after ` +
    `a fifth (≤ ${MAX_GROWTH})`,
);
if (!met) process.exitCode = 1;

async function send() {
  const certificates = requests('certificate', SECONDS);
  const [reads, comments] = [requests('get', SECONDS), requests('comment', SECONDS)];
  const mixed = certificates.flatMap((request, index) => [reads[index], comments[index], request]);
  return (await generator.generate(server, mixed, { status: 200, connections: 16, seconds: SECONDS })).answered;
}
