// Compares a login with a certificate (L10) with a PATCH of a comment, in turn in one run, at 16 connections: once under a
// policy without a path, and once with a path of two CAs and revocation (revocationCheck hard), whose evidence is stored.
//   npm run bench:certificate-login [-- --rounds 5 --seconds 6]
// Prints requests a second, and milliseconds of processor time of the server and of PostgreSQL for each request, which other
// work on the machine hardly changes. A login may cost 1.1 times as much as the PATCH without a path, and 1.3 times as much with path
// and revocation; exits with 1 if not.
import { cpus } from 'node:os';

import autocannon from 'autocannon';

import { createTrustSet, issue } from './support/authority.mjs';
import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { postmasterOf, processorMs } from './support/processor.mjs';
import { requestsTo } from './support/requests.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const {
  rounds: ROUNDS,
  seconds: SECONDS,
  credentials: CREDENTIALS,
} = numericOptions({ rounds: 5, seconds: 6, credentials: 1_000 });
const CONNECTIONS = 16;
const MAX_RATIO = { plain: 1.1, path: 1.3 };
const CORE = '/nevisidm/api/core/v1/100';

const POLICIES = {
  plain: {},
  path: { trustAnchors: 'bench-set', revocationCheck: 'hard' },
};

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
await fill(database.url, await certificateMint(), { users: CREDENTIALS, credentials: 10 });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));
const request = requestsTo(server.url + CORE, token);
const issuing = await createTrustSet(request);

/** For each policy, the bodies of a login of each credential. */
const logins = {};
for (const [name, parameters] of Object.entries(POLICIES)) {
  await request('POST', '/policies', { policyType: 'CertificatePolicy', extId: `bench-${name}`, name, parameters });
  logins[name] = [];
  for (let index = 0; index < CREDENTIALS; index += 1) {
    const { pem } = await issue(`${name} ${index}`, issuing, false);
    await request('POST', `/users/u${index}/certificates`, {
      extId: `${name}-${index}`,
      certificate: pem,
      policyExtId: `bench-${name}`,
    });
    logins[name].push(JSON.stringify({ certificate: pem }));
  }
  const { outcome } = await request('POST', '/certificate-logins', JSON.parse(logins[name][0]));
  if (outcome !== 'ok') throw new Error(`${name}: a login is ${outcome}.`);
}

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
let number = 0;

const REQUESTS = {
  login: (name) => ({
    method: 'POST',
    path: `${CORE}/certificate-logins`,
    headers,
    body: logins[name][number % CREDENTIALS],
  }),
  comment: (name) => ({
    method: 'PATCH',
    path: `${CORE}/users/u${number % CREDENTIALS}/certificates/${name}-${number % CREDENTIALS}`,
    headers,
    body: JSON.stringify({ modificationComment: `Renewed by ticket ${number}` }),
  }),
};

const postmaster = await postmasterOf(database.dataDirectory);
const processorOf = async () => ({ server: await processorMs(server.pid), database: await processorMs(postmaster) });

/** Throws unless all responses are 2xx, as refusals would distort the figures. */
async function measure(kind, name) {
  const next = (sent) => {
    number += 1;
    return Object.assign(sent, REQUESTS[kind](name));
  };
  const before = await processorOf();
  const result = await autocannon({
    url: server.url,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [{ setupRequest: next }],
  });
  if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
    throw new Error(`${kind}, ${name}: ${JSON.stringify(result.statusCodeStats)}\n${await server.endOfLog()}`);
  }
  const after = await processorOf();
  const answered = result['2xx'];
  return {
    rate: answered / result.duration,
    server: (after.server - before.server) / answered,
    database: (after.database - before.database) / answered,
  };
}

const figures = Object.fromEntries(Object.keys(POLICIES).map((name) => [name, { login: [], comment: [] }]));
for (let round = -1; round < ROUNDS; round += 1) {
  for (const name of Object.keys(POLICIES)) {
    for (const kind of Object.keys(REQUESTS)) {
      const measured = await measure(kind, name);
      if (round >= 0) figures[name][kind].push(measured);
    }
  }
}

console.log(`${cpus()[0]?.model}, Node ${process.versions.node}; ${ROUNDS} rounds of ${SECONDS} s, a second:`);
const medianOf = (measured, figure) => median(measured.map((each) => each[figure]));
const rows = Object.entries(figures).map(([policy, { login, comment }]) => {
  const [logged, changed] = [medianOf(login, 'rate'), medianOf(comment, 'rate')];
  return { policy, login: Math.round(logged), comment: Math.round(changed), ratio: changed / logged };
});
console.table(rows.map(({ ratio, ...row }) => ({ ...row, ratio: Number(ratio.toFixed(2)) })));
const milliseconds = Object.entries(figures).flatMap(([policy, kinds]) =>
  Object.entries(kinds).map(([kind, measured]) => ({
    policy,
    request: kind,
    server: Number(medianOf(measured, 'server').toFixed(3)),
    database: Number(medianOf(measured, 'database').toFixed(3)),
  })),
);
console.log('Milliseconds of processor time for a request:');
console.table(milliseconds);
for (const { policy, ratio } of rows) {
  const isMet = ratio <= MAX_RATIO[policy];
  console.log(
    `${isMet ? '✓' : '✗'} ${policy}: a login costs ${ratio.toFixed(2)} times as much (≤ ${MAX_RATIO[policy]})`,
  );
  if (!isMet) process.exitCode = 1;
}
