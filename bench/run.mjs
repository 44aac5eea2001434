// Compares the rate of the main requests with a minimal server (bare.mjs) and with a server written as the
// documentation of NestJS and TypeORM shows (documented/), in one run on one database:
//   npm run bench [-- --rounds 3 --seconds 6]
// Prints a table and writes all figures to bench/results/latest.json. Exits with 1 where a ratio misses its limit.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { certificateMint } from './support/certificates.mjs';
import { CREDENTIALS, fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { load, Requests } from './support/load.mjs';
import { SERVERS, makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '6' } },
});
const ROUNDS = Number(options.rounds);
const SECONDS = Number(options.seconds);
const WARM_UP_SECONDS = 3;

/** The minimum ratio of certkeep's rate to the one of the other server. */
const LIMITS = {
  get: { title: 'GET', bare: 0.45, documented: 2 },
  comment: { title: 'PATCH comment', bare: 0.5 },
  certificate: { title: 'PATCH certificate', bare: 0.5, documented: 4 },
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log(`Inserting ${CREDENTIALS} credentials …`);
const mint = await certificateMint();
const postgresql = await fill(database.url, mint);
const machine = {
  cpu: cpus()[0]?.model,
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
  postgresql,
};

const { environment, token } = await makeEnvironment(database);
const servers = [];
for (const name of Object.keys(SERVERS)) {
  servers.push(ending.use(await startServer(name, environment, database.dataDirectory)));
}
const requests = new Requests(token, mint);

const kinds = Object.keys(LIMITS);
for (const server of servers) await load(server, requests, kinds, { duration: WARM_UP_SECONDS * kinds.length });

const figures = Object.fromEntries(kinds.map((kind) => [kind, []]));
for (const [kind, { title }] of Object.entries(LIMITS)) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = {};
    // Each round begins with another server, so that the order favours none.
    for (const index of servers.keys()) {
      const server = servers[(index + round) % servers.length];
      measured[server.name] = await load(server, requests, [kind], { duration: SECONDS });
    }
    figures[kind].push(measured);
    const rates = Object.entries(measured).map(([name, { perSecond }]) => `${name} ${perSecond} requests/s`);
    console.log(`${title}, round ${round + 1} of ${ROUNDS}: ${rates.toSorted().join(', ')}`);
  }
}

const results = kinds.map((kind) => summary(kind, figures[kind]));
console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, PostgreSQL ${machine.postgresql}`);
console.log(`${CREDENTIALS} credentials, 16 connections, medians of ${ROUNDS} rounds of ${SECONDS} s, servers in turn`);
console.table(Object.fromEntries(results.map(row)));
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'latest.json'), `${JSON.stringify({ machine, results, figures }, undefined, 2)}\n`);
if (results.some(({ ratios }) => ratios.some(({ met }) => !met))) process.exitCode = 1;

/** Ratios are computed within each round, so that a slow phase of the machine affects both sides. */
function summary(kind, rounds) {
  const { title, ...limits } = LIMITS[kind];
  const rates = Object.keys(SERVERS).map((name) => [name, median(rounds.map((round) => round[name].perSecond))]);
  const ratios = Object.keys(SERVERS)
    .filter((other) => other !== 'certkeep')
    .map((of) => {
      const ratio = median(rounds.map((round) => round.certkeep.perSecond / round[of].perSecond));
      return {
        of,
        ratio: Number(ratio.toFixed(2)),
        limit: limits[of],
        met: limits[of] === undefined || ratio >= limits[of],
      };
    });
  const latency = (name) => median(rounds.map((round) => round.certkeep[name]));
  return { title, rates: Object.fromEntries(rates), p50: latency('p50'), p99: latency('p99'), ratios };
}

function row({ title, rates, p50, p99, ratios }) {
  const shares = ratios.map(({ of, ratio, limit, met }) => {
    const wanted = limit === undefined ? '' : ` (≥ ${limit}) ${met ? '✓' : '✗'}`;
    return [`ratio to ${of}`, `${ratio.toFixed(2)}${wanted}`];
  });
  const perSecond = Object.entries(rates).map(([name, rate]) => [`${name} requests/s`, rate]);
  return [title, Object.fromEntries([...perSecond, ...shares, ['p50 ms', p50], ['p99 ms', p99]])];
}
