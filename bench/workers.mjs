// Compares a server of one process with one of several workers: requests a second, and milliseconds of processor time of the
// server and of PostgreSQL for each request, from which other machines can be calculated.
//   npm run bench:workers [-- --workers 2 --rounds 3 --seconds 5]
// On a machine where server, database and load share the cores, several workers are not faster; the milliseconds say from
// how many cores on they are. Where all cores are busy every request takes more time of each, also of PostgreSQL, to which
// it makes no difference by how many workers it is asked. Linux only.
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { load, Requests } from './support/load.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { postmasterOf, processorMs } from './support/processor.mjs';
import { residentMegabytes, residentMegabytesWithChildren } from './support/resident.mjs';
import { describeMachine, machineWith } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { workers: WORKERS, rounds: ROUNDS, seconds: SECONDS } = numericOptions({ workers: 2, rounds: 3, seconds: 5 });
const KINDS = { get: 'GET', comment: 'PATCH' };

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = await certificateMint();
const postgresql = await fill(database.url, mint);
const { environment, token } = await makeEnvironment(database);
const postmaster = await postmasterOf(database.dataDirectory);
const requests = new Requests(token, mint);
const servers = [];
for (const workers of [1, WORKERS]) {
  const settings = { ...environment, WORKERS: String(workers), LOG_LEVEL: 'info' };
  servers.push({ workers, server: ending.use(await startServer('certkeep', settings, database.dataDirectory)) });
}

async function measure({ server }, kind) {
  const before = [await processorMs(server.pid), await processorMs(postmaster)];
  const { perSecond } = await load(server, requests, [kind], { duration: SECONDS });
  const after = [await processorMs(server.pid), await processorMs(postmaster)];
  const [ofServer, ofDatabase] = after.map((ms, index) => (ms - before[index]) / (perSecond * SECONDS));
  return { perSecond, ofServer, ofDatabase };
}

const measured = new Map();
for (let round = -1; round < ROUNDS; round += 1) {
  for (const kind of Object.keys(KINDS)) {
    for (const each of servers) {
      const figures = await measure(each, kind);
      const key = `${KINDS[kind]}, WORKERS=${each.workers}`;
      if (round >= 0) measured.set(key, [...(measured.get(key) ?? []), figures]);
    }
  }
}

console.log(`${describeMachine(machineWith(postgresql))}; ${ROUNDS} rounds of ${SECONDS} s`);
const rows = [...measured].map(([key, all]) => {
  const of = (figure) => median(all.map((each) => each[figure]));
  return [
    key,
    {
      'requests/s': of('perSecond'),
      'server ms': Number(of('ofServer').toFixed(3)),
      'PostgreSQL ms': Number(of('ofDatabase').toFixed(3)),
    },
  ];
});
console.table(Object.fromEntries(rows));
for (const { workers, server } of servers) {
  const [own, all] = [await residentMegabytes(server.pid), await residentMegabytesWithChildren(server.pid)];
  console.log(`WORKERS=${workers}: ${Math.round(own)} MB in the first process, ${Math.round(all)} MB in all.`);
}
