// Tests for memory leaks: the resident memory of the server while GETs and both PATCHes are sent in turn. The garbage collector
// causes variations of some 30 MB, so a reading is the maximum during a fifth of the requests. With --gets, there are so many
// GETs for each PATCH of a kind, which makes a million requests faster.
//   npm run bench:memory [-- --requests 1000000 --gets 20 --connections 256 --data FOLDER]
// Exits with 1 where it has grown by more than a tenth between the first reading and the last, or one is above 200 MB.
import { parseArgs } from 'node:util';

import { certificateMint } from './support/certificates.mjs';
import { endWithSignal } from './support/ending.mjs';
import { openFilledDatabase } from './support/filled-database.mjs';
import { findGenerator } from './support/generator.mjs';
import { highestWhile, residentMegabytes } from './support/resident.mjs';
import { addAccounts, requestsOf } from './support/routes.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    gets: { type: 'string', default: '1' },
    connections: { type: 'string', default: '16' },
    data: { type: 'string' },
  },
});
const ALL = Number(options.requests);
const GETS = Number(options.gets);
const connections = Number(options.connections);
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

console.log(
  `After the start: ${await residentMegabytes(server.pid)} MB; load by ${generator.name} on ${connections} connections`,
);
const readings = [];
let done = 0;
for (let part = 1; part <= READINGS; part += 1) {
  const target = (ALL * part) / READINGS;
  const reading = await highestWhile(
    (async () => {
      while (done < target) done += await send();
    })(),
    async () => await residentMegabytes(server.pid),
  );
  readings.push(reading);
  console.log(`After ${done} requests: ${reading} MB`);
}
const growth = readings.at(-1) / readings[0];
const highest = Math.max(...readings);
const met = growth <= MAX_GROWTH && highest <= MAX_MB;
console.log(
  `${met ? '✓' : '✗'} at most ${highest} MB during ${done} requests (≤ ${MAX_MB}), during the last fifth ` +
    `${growth.toFixed(2)} times those during the first (≤ ${MAX_GROWTH})`,
);
if (!met) process.exitCode = 1;

async function send() {
  // As many requests with more GETs as with one.
  const patches = (SECONDS * 3) / (GETS + 2);
  const certificates = requests('certificate', patches);
  const [reads, comments] = [requests('get', SECONDS), requests('comment', patches)];
  const mixed = certificates.flatMap((request, index) => [
    ...Array.from({ length: GETS }, (_, get) => reads[(index * GETS + get) % reads.length]),
    comments[index],
    request,
  ]);
  return (await generator.generate(server, mixed, { status: 200, connections, seconds: SECONDS })).answered;
}
