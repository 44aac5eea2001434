// Simulates a policy over all certificates of a client (E2), and reads single certificates meanwhile.
//   npm run bench:simulate [-- --certificates 200000]
// The policy asks for a path to a trust anchor, so that the signature of every certificate is checked. The signatures are
// wrong, which costs as much. Prints a table and writes all figures to bench/results/simulate.json. Exits with 1 if a bar is
// missed: 2,000 certificates a second, p99 of the reads within 3 times its quiet value, memory flat.
import { setTimeout as after } from 'node:timers/promises';

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { residentMegabytes } from './support/resident.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { certificates: CERTIFICATES } = numericOptions({ certificates: 200_000 });
const READS_A_SECOND = 50;
const QUIET_SECONDS = 10;
const BARS = { rate: 2_000, p99: 3, memory: 1.2 };
const CORE = '/nevisidm/api/core/v1';

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
console.log(`Inserting ${CERTIFICATES} certificates …`);
const postgresql = await fill(database.url, await certificateMint(), { users: 1_000, credentials: CERTIFICATES });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

await createSet();
console.log('Reading while nothing else happens …');
const quiet = percentile(await readFor(after(QUIET_SECONDS * 1000)), 0.99);
console.log('Simulating …');
const simulation = simulate();
const busy = percentile(await readFor(simulation), 0.99);
const { summary, sizes } = await simulation;

const rate = Math.round(summary.evaluated / summary.seconds);
const [early = 0] = sizes.slice(Math.floor(sizes.length / 4));
const flat = Number((Math.max(...sizes) / early).toFixed(2));
const p99 = Number((busy / quiet).toFixed(2));
const table = {
  'certificates a second': { figure: rate, bar: `≥ ${BARS.rate}`, met: rate >= BARS.rate },
  'p99 of reads, × quiet': { figure: p99, bar: `≤ ${BARS.p99}`, met: p99 <= BARS.p99 },
  'memory, most / after a quarter': { figure: flat, bar: `≤ ${BARS.memory}`, met: flat <= BARS.memory },
};
const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`${summary.evaluated} certificates in ${summary.seconds} s, ${summary.changed} would change`);
console.log(
  `p99 of reads: quiet ${quiet.toFixed(1)} ms, meanwhile ${busy.toFixed(1)} ms; at most ${Math.max(...sizes)} MB`,
);
console.table(table);
await writeResults('simulate', { machine, summary, quiet, busy, sizes, table });
if (Object.values(table).some(({ met }) => !met)) process.exitCode = 1;

/** A CA with the name that the certificates have as their issuer. */
async function createSet() {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'C=CH, O=Bench AG, CN=Bench Issuing CA 1',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 3650 * 86_400_000),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  await send('POST', '/100/trust-anchor-sets', { extId: 'set-1', name: 'Bench', anchors: authority.toString('pem') });
}

async function simulate() {
  const samples = [];
  const sampling = setInterval(() => void residentMegabytes(server.pid).then((size) => samples.push(size)), 500);
  try {
    const parameters = { trustAnchors: 'set-1', certificateUploadCheck: 'strict', maxValidityDays: '300' };
    const answer = await send('POST', '/100/policies/default/simulate', { parameters });
    let [end, evaluated] = ['', 0];
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      end = (end + chunk).slice(-10_000);
      evaluated += chunk.split('\n').length - 1;
      process.stdout.write(`\r${evaluated} lines`);
    }
    return { summary: JSON.parse(end.trimEnd().split('\n').at(-1)), sizes: samples };
  } finally {
    clearInterval(sampling);
  }
}

/** Begins a read at fixed times, whether the one before has ended or not. */
async function readFor(work) {
  const over = new AbortController();
  void work.finally(() => over.abort()).catch(() => undefined);
  const reads = [];
  for (let number = 0; !over.signal.aborted; number += 1) {
    reads.push(timed(`/100/users/u${number % 1_000}/certificates/c${number % 1_000}`));
    await after(1000 / READS_A_SECOND);
  }
  return await Promise.all(reads);
}

async function timed(path) {
  const start = performance.now();
  await (await send('GET', path)).text();
  return performance.now() - start;
}

async function send(method, path, body) {
  const answer = await fetch(server.url + CORE + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function percentile(times, share) {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
