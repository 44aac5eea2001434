// Compares a PATCH that replaces a certificate under three policies, in turn in one run: without a path, with one, and with
// revocation as well (revocationCheck hard), where all evidence is stored as CRLs of the set.
//   npm run bench:revocation-patch [-- --rounds 5 --changes 200]
// Prints the CPU time of the server for each change. The third may take 1.6 times as long as the first; exits with 1 if not.
import { cpus } from 'node:os';

import { createTrustSet, issue } from './support/authority.mjs';
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { processorMs } from './support/processor.mjs';
import { requestsTo } from './support/requests.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { rounds: ROUNDS, changes: CHANGES } = numericOptions({ rounds: 5, changes: 200 });
const MAX_RATIO = 1.6;
const CORE = '/nevisidm/api/core/v1/100';

const POLICIES = {
  plain: { certificateUploadCheck: 'strict' },
  path: { trustAnchors: 'bench-set' },
  revocation: { trustAnchors: 'bench-set', revocationCheck: 'hard' },
};

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
await fill(database.url, await certificateMint(), { users: 1_000, credentials: 10 });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

const request = requestsTo(server.url + CORE, token);
const issuing = await createTrustSet(request);

for (const [name, parameters] of Object.entries(POLICIES)) {
  await request('POST', '/policies', { policyType: 'CertificatePolicy', extId: `bench-${name}`, name, parameters });
  const { pem } = await issue(`first ${name}`, issuing, false);
  await request('POST', '/users/u0/certificates', {
    extId: `bench-${name}`,
    certificate: pem,
    policyExtId: `bench-${name}`,
  });
}

/** Milliseconds of CPU time for each change. */
async function measure(name, leaves) {
  const before = await processorMs(server.pid);
  for (const { pem } of leaves) {
    await request('PATCH', `/users/u0/certificates/bench-${name}`, { certificate: pem });
  }
  return ((await processorMs(server.pid)) - before) / leaves.length;
}

const times = { plain: [], path: [], revocation: [] };
for (let round = -1; round < ROUNDS; round += 1) {
  for (const name of Object.keys(POLICIES)) {
    const leaves = [];
    for (let index = 0; index < CHANGES; index += 1)
      leaves.push(await issue(`${name} ${round} ${index}`, issuing, false));
    const time = await measure(name, leaves);
    if (round >= 0) times[name].push(time);
  }
}

const milliseconds = Object.fromEntries(Object.entries(times).map(([name, rounds]) => [name, median(rounds)]));
console.log(`${cpus()[0]?.model}, Node ${process.versions.node}; ${ROUNDS} rounds of ${CHANGES} changes`);
console.table(
  Object.entries(milliseconds).map(([policy, time]) => ({
    policy,
    'CPU ms': Number(time.toFixed(2)),
    ratio: Number((time / milliseconds.plain).toFixed(2)),
  })),
);
const ratio = milliseconds.revocation / milliseconds.plain;
console.log(
  `${ratio <= MAX_RATIO ? '✓' : '✗'} path and revocation take ${ratio.toFixed(2)} times as long (≤ ${MAX_RATIO})`,
);
if (ratio > MAX_RATIO) process.exitCode = 1;
