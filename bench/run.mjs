// Compares the main requests with a minimal server (bare.mjs) and with a server written as the documentation of NestJS and
// TypeORM shows (documented/), in one run on one database, and measures the other routes:
//   npm run bench [-- --credentials 10000 --data FOLDER --connections 1,16,64,256 --rounds 5 --seconds 5
//     --routes get,comment --quick]
// With --data, the database stays in FOLDER. The routes are in support/routes.mjs, the load comes from wrk if the machine has
// it. Prints tables and writes all figures to bench/results/latest.json. Exits with 1 where a bar is missed. Linux only.
import { totalmem } from 'node:os';
import { parseArgs } from 'node:util';

import { certificateMint } from './support/certificates.mjs';
import { endWithSignal } from './support/ending.mjs';
import { openFilledDatabase } from './support/filled-database.mjs';
import { findGenerator } from './support/generator.mjs';
import { measuringOn } from './support/measurement.mjs';
import { figuresTable, ratiosOf, ratiosTable } from './support/ratios.mjs';
import { machineWith, writeResults } from './support/results.mjs';
import { addAccounts, requestsOf, ROUTES } from './support/routes.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: {
    credentials: { type: 'string', default: '10000' },
    data: { type: 'string' },
    connections: { type: 'string', default: '16' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    routes: { type: 'string', default: Object.keys(ROUTES).join(',') },
    quick: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds ?? (options.quick ? 1 : 5));
const SECONDS = Number(options.seconds ?? (options.quick ? 2 : 5));
const WARM_UP_SECONDS = options.quick ? 1 : 3;
const CONNECTIONS = options.connections.split(',').map(Number);
const routes = options.routes.split(',');
const unknown = routes.find((route) => !Object.hasOwn(ROUTES, route));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(ROUTES).join(', ')}.`);

await using ending = endWithSignal();
const database = await openFilledDatabase(ending, { data: options.data, certificates: Number(options.credentials) });
const accounts = await addAccounts(database.client);
const { environment, token } = await makeEnvironment(database, ['100', ...accounts]);
const mint = await certificateMint();
const requests = await requestsOf(database, { token, mint, accounts });
const generator = await findGenerator();
const { measure } = await measuringOn(database, generator, requests);
const machine = {
  ...machineWith(database.postgresql),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  generator: generator.name,
};
const servers = new Map();
const serversOf = (route) => ROUTES[route].servers ?? ['certkeep'];
for (const name of new Set(routes.flatMap(serversOf))) {
  servers.set(name, ending.use(await startServer(name, environment, database.dataDirectory)));
}

const results = [];
for (const route of routes) {
  const names = serversOf(route);
  for (const name of names) await measure(servers.get(name), route, { connections: 16, seconds: WARM_UP_SECONDS });
  for (const connections of CONNECTIONS) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const measured = {};
      // Each round begins with another server, so that the order favours none.
      for (const index of names.keys()) {
        const name = names[(index + round) % names.length];
        measured[name] = await measure(servers.get(name), route, { connections, seconds: SECONDS });
      }
      rounds.push(measured);
      const rates = names.map((name) => `${name} ${measured[name].perSecond}/s`);
      console.log(`${ROUTES[route].title}, ${connections} connections, ${round + 1} of ${ROUNDS}: ${rates.join(', ')}`);
    }
    results.push({ route, connections, rounds, ratios: ratiosOf(route, connections, rounds) });
  }
}

console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, PostgreSQL ${machine.postgresql}`);
console.log(
  `${database.certificates} certificates, load by ${generator.name}, medians of ${ROUNDS} rounds of ${SECONDS} s, servers in turn`,
);
console.table(figuresTable(results));
console.table(ratiosTable(results));
const report = { machine, credentials: database.certificates, results };
await writeResults('latest', report);
if (results.some(({ ratios }) => ratios.some(({ met }) => !met))) process.exitCode = 1;
