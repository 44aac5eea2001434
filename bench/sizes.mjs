// Compares certkeep on a database of many certificates with certkeep on one of few, in turn in one run:
//   npm run bench:sizes -- --data FOLDER [--certificates 1000000 --few 10000 --rounds 3 --seconds 5 --routes get,comment]
// The large database stays in FOLDER and is used again. Exits with 1 where a rate is less than 0.85 of the one with few.
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { certificateMint } from './support/certificates.mjs';
import { endWithSignal } from './support/ending.mjs';
import { openFilledDatabase } from './support/filled-database.mjs';
import { findGenerator } from './support/generator.mjs';
import { measuringOn } from './support/measurement.mjs';
import { median } from './support/median.mjs';
import { addAccounts, requestsOf, ROUTES } from './support/routes.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    certificates: { type: 'string', default: '1000000' },
    few: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    routes: { type: 'string', default: Object.keys(ROUTES).join(',') },
  },
});
const ROUNDS = Number(options.rounds);
const SECONDS = Number(options.seconds);
const MIN_RATIO = 0.85;

await using ending = endWithSignal();
const generator = await findGenerator();
const sizes = {
  few: await prepare(undefined, options.few),
  many: await prepare(options.data, options.certificates),
};

const rows = [];
for (const route of options.routes.split(',')) {
  const rounds = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const measured = {};
    for (const size of round % 2 === 0 ? ['few', 'many'] : ['many', 'few']) measured[size] = await sizes[size](route);
    if (round >= 0) rounds.push(measured);
  }
  const ratioOf = (figure) => median(rounds.map(({ few, many }) => many[figure] / few[figure]));
  const rates = {
    few: median(rounds.map(({ few }) => few.perSecond)),
    many: median(rounds.map(({ many }) => many.perSecond)),
  };
  const ratio = ratioOf('perSecond');
  rows.push({
    route: ROUTES[route].title,
    ...rates,
    ratio,
    server: ratioOf('serverMs'),
    PostgreSQL: ratioOf('databaseMs'),
  });
}

console.log(
  `\n${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.versions.node}, load by ${generator.name}`,
);
console.log(`Requests/s, their ratio, and the ratios of processor time; medians of ${ROUNDS} rounds of ${SECONDS} s`);
console.table(
  rows.map(({ ratio, server, PostgreSQL, ...row }) => ({
    ...row,
    ratio: `${ratio.toFixed(2)} (≥ ${MIN_RATIO}) ${ratio >= MIN_RATIO ? '✓' : '✗'}`,
    server: server.toFixed(2),
    PostgreSQL: PostgreSQL.toFixed(2),
  })),
);
if (rows.some(({ ratio }) => ratio < MIN_RATIO)) process.exitCode = 1;

async function prepare(data, certificates) {
  const database = await openFilledDatabase(ending, { data, certificates: Number(certificates) });
  const accounts = await addAccounts(database.client);
  const { environment, token } = await makeEnvironment(database, ['100', ...accounts]);
  const requests = await requestsOf(database, { token, mint: await certificateMint(), accounts });
  const { measure } = await measuringOn(database, generator, requests);
  const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
  return async (route) => await measure(server, route, { connections: 16, seconds: SECONDS });
}
