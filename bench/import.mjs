// Measures an import: lines a second, the processor time of a line, and the memory of the server, for new users with a
// certificate each, for the same file again, for new users only, and for a dry run; and the exports of what has been imported.
//   npm run bench:import [-- --lines 100000]
// Then imports new users with certificates once more, beside the normal traffic of another client and of its own, and prints
// how much longer their GETs and PATCHes take. Writes all figures to bench/results/import.json. The bars: 1,000 new lines a
// second, a memory that does not grow with the number of lines, and a p99 of at most 2 times for another client and 3 times
// for the own one.
import { createHash } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';

import pg from 'pg';

import { certificateMint, toPem } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { postmasterOf, processorMs } from './support/processor.mjs';
import { highestWhile, residentMegabytes } from './support/resident.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';
import { copyClient, requests, trafficOf } from './support/traffic.mjs';

const { lines: LINES, users: USERS } = numericOptions({ lines: 100_000, users: 1_000 });
const CORE = '/nevisidm/api/core/v1';
const NDJSON = 'application/x-ndjson';
/** Above all that `fill` inserts. */
const FIRST_CERTIFICATE = 1_000_000;
const OTHERS = 1_000;
const QUIET_SECONDS = 10;
/** Imported beside the traffic, for enough requests. */
const FILES = 3;

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = await certificateMint();
const postgresql = await fill(database.url, mint, { users: USERS, credentials: Math.max(USERS, OTHERS) });
const { environment, token } = await makeEnvironment(database, ['*']);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const authorization = `Bearer ${token}`;

const results = [];
await prepareTables();
const postmaster = await postmasterOf(database.dataDirectory);
const memoryAtStart = await residentMegabytes(server.pid);
results.push(await measure('new users with certificates', async () => await importFile(withCertificate('new'))));
results.push(await measure('the same file again', async () => await importFile(withCertificate('new'))));
results.push(await measure('new users only', async () => await importFile(userOnly('only'))));
results.push(await measure('a dry run of the first', async () => await dryRun(withCertificate('new'))));
results.push(await measure('export of users, CSV', async () => await exported(`/clients/100/users`, 'text/csv')));
results.push(await measure('export of certificates, CSV', async () => await exported(`/100/certificates`, 'text/csv')));
const neighbours = await besideTraffic();
console.table(results);
console.table(neighbours);
const machine = machineWith(postgresql);
console.log(`${LINES} lines, ${describeMachine(machine)}`);
console.log(`Memory of the server before: ${memoryAtStart} MB`);
await writeResults('import', { machine, lines: LINES, memoryAtStart, results, neighbours });

/** The server describes the certificates that `fill` has inserted, which would be part of the first figure. */
async function prepareTables() {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await copyClient(sql, 'other', OTHERS);
  for (let left = 1; left > 0; await after(200)) {
    const { rows } = await sql.query(
      'select count(*)::integer as left from credentials where described_sha256 is distinct from sha256',
    );
    [{ left }] = rows;
  }
  await sql.query('vacuum analyze');
  await sql.end();
}

async function measure(name, work) {
  const begin = performance.now();
  const before = await Promise.all([server.pid, postmaster].map(processorMs));
  let counts = {};
  const highestMegabytes = await highestWhile(
    work().then((found) => (counts = found)),
    async () => await residentMegabytes(server.pid),
  );
  const seconds = (performance.now() - begin) / 1000;
  const used = await Promise.all([server.pid, postmaster].map(processorMs));
  const [serverMs, postgresqlMs] = used.map((ms, index) => Math.round(((ms - before[index]) / LINES) * 100) / 100);
  return {
    name,
    seconds: Math.round(seconds * 10) / 10,
    linesPerSecond: Math.round(LINES / seconds),
    serverMsALine: serverMs,
    postgresqlMsALine: postgresqlMs,
    highestMegabytes,
    ...counts,
  };
}

/** How much longer requests of another client and of the same one take during an import. */
async function besideTraffic() {
  const own = { from: 0, count: USERS };
  const traffic = trafficOf(requests(server.url + CORE, token), { users: USERS, others: OTHERS, own });
  await traffic(after(QUIET_SECONDS * 500)); // warm up
  const quiet = await traffic(after(QUIET_SECONDS * 1000));
  // Made before: this process also sends the traffic, and would measure itself.
  const files = Array.from({ length: FILES }, (_, index) =>
    Buffer.concat([...file(withCertificate('beside', index + 1))]),
  );
  const during = await traffic(
    (async () => {
      for (const body of files) await importFile(undefined, body);
    })(),
  );
  return ['other', '100'].flatMap((client) =>
    ['GET', 'PATCH'].map((method) => {
      const [before, then] = [quiet[client][method], during[client][method]];
      const times = Math.round((then.p99 / before.p99) * 100) / 100;
      return { client, method, quietP99: before.p99, duringP99: then.p99, times, duringP50: then.p50 };
    }),
  );
}

/** A line of a file for each number; files of different names have different users and certificates. */
function userOnly(name) {
  return (number) => ({
    userExtId: `${name}-${number}`,
    loginId: `${name}${number}`,
    name: { firstName: `First${number}`, familyName: `Family${number}` },
    contacts: { email: `${name}${number}@bench.example` },
  });
}

function withCertificate(name, index = 0) {
  const userOf = userOnly(`${name}${index}`);
  const first = FIRST_CERTIFICATE + index * LINES;
  return (number) => ({
    ...userOf(number),
    certificate: toPem(mint.der(first + number)),
    certificateExtId: `cert-${name}${index}-${number}`,
    stateName: 'active',
  });
}

function* file(lineOf) {
  const encoder = new TextEncoder();
  for (let number = 1; number <= LINES; number += 1) yield encoder.encode(`${JSON.stringify(lineOf(number))}\n`);
}

async function post(body, query = '') {
  const response = await fetch(`${server.url}${CORE}/100/import${query}`, {
    method: 'POST',
    headers: { authorization, 'content-type': NDJSON },
    body,
    duplex: 'half',
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response;
}

async function importFile(lineOf, body = ReadableStream.from(file(lineOf))) {
  const begin = performance.now();
  const response = await post(body);
  const loadingSeconds = Math.round((performance.now() - begin) / 100) / 10;
  await response.text();
  const path = response.headers.get('location');
  for (;;) {
    const { status, changed, unchanged, refused } = await (
      await fetch(server.url + path, { headers: { authorization } })
    ).json();
    // Refused lines are changed by nobody, so that their rate would say nothing.
    if (refused > 0) throw new Error(`A line was refused: ${await firstRefused(path)}`);
    if (status === 'completed') return { loadingSeconds, changed, unchanged };
    await after(200);
  }
}

async function firstRefused(path) {
  const lines = await (await fetch(server.url + path, { headers: { authorization, accept: NDJSON } })).text();
  return lines.split('\n').find((line) => line.includes('"refused"'));
}

async function dryRun(lineOf) {
  const response = await post(ReadableStream.from(file(lineOf)), '?dryRun=true');
  let last = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) last = (last + chunk).slice(-2_000);
  const { changed, unchanged, refused } = JSON.parse(last.trimEnd().split('\n').at(-1));
  return { changed, unchanged, refused };
}

async function exported(path, accept) {
  const response = await fetch(server.url + CORE + path, { headers: { authorization, accept } });
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of response.body) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { megabytes: Math.round(bytes / 1e6) };
}
