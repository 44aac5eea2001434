// Sends requests to a server whose database can do eighty of them a second, on few connections and on many:
//   npm run bench:overload [-- --connections 1000 --seconds 10]
// On each connection the next request is sent as soon as one is answered, against Retry-After. wrk, which this needs, measures
// from when it has written a request. Nearly all of the answers are refusals, so that p50 and p99 are theirs. Linux only.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { sendByWrk } from './support/generator.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { processorMs } from './support/processor.mjs';
import { freePort, makeEnvironment, startServer } from './support/servers.mjs';

/** With four connections to the database, these make eighty requests a second. */
const DELAY_MS = 50;
const POOL = 4;
const FEW = 16;

const { connections: MANY, seconds } = numericOptions({ connections: 1_000, seconds: 10 });

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
await fill(database.url, await certificateMint(), { users: 1, credentials: 1 });
const { environment, token } = await makeEnvironment(database);
const settings = {
  ...environment,
  DATABASE_URL: await delayed(database.url),
  DATABASE_POOL: String(POOL),
  MAX_CONNECTIONS: String(4 * MANY),
};
const server = ending.use(await startServer('certkeep', settings, database.dataDirectory));
const request = {
  method: 'GET',
  path: '/nevisidm/api/core/v1/100/users/u0/certificates/c0',
  headers: { authorization: `Bearer ${token}` },
};

/** A connection string for the same database, whose answers come later. */
async function delayed(url) {
  const target = new URL(url);
  const { hostname, port } = target;
  const proxy = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    upstream.on('data', (chunk) => setTimeout(() => client.write(chunk), DELAY_MS));
    client.pipe(upstream);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  target.port = String(await freePort());
  proxy.listen(Number(target.port), '127.0.0.1');
  await once(proxy, 'listening');
  ending.defer(() => proxy.close());
  return target.href;
}

async function measure(connections) {
  const before = await processorMs(server.pid);
  const { answered, statuses, p50, p99 } = await sendByWrk(server.url, [request], { connections, seconds });
  const served = statuses['200'] ?? 0;
  return {
    'served/s': Math.round(served / seconds),
    'refused/s': Math.round((answered - served) / seconds),
    'p50 ms': Number(p50.toFixed(1)),
    'p99 ms': Number(p99.toFixed(1)),
    'server, ms for each': Number((((await processorMs(server.pid)) - before) / answered).toFixed(3)),
  };
}

const rows = {};
for (const connections of [FEW, MANY]) rows[`${connections} connections`] = await measure(connections);
console.table(rows);
