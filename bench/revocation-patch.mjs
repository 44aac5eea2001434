// Compares a PATCH that replaces a certificate under three policies, in turn in one run: without a path, with one, and with
// revocation as well (revocationCheck hard), where all evidence is stored as CRLs of the set.
//   npm run bench:revocation-patch [-- --rounds 5 --changes 200]
// Prints the CPU time of the server for each change. The third may take 1.6 times as long as the first; exits with 1 if not.
import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

import { certificateMint } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, changes: { type: 'string', default: '200' } },
});
const ROUNDS = Number(options.rounds);
const CHANGES = Number(options.changes);
const MAX_RATIO = 1.6;
const CORE = '/nevisidm/api/core/v1/100';
const TICKS_PER_SECOND = 100;

x509.cryptoProvider.set(webcrypto);
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;
const [yesterday, tomorrow] = [new Date(Date.now() - DAY), new Date(Date.now() + DAY)];

async function issue(name, issuer, isCa) {
  const keys = await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const signer = issuer?.keys ?? keys;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: yesterday,
    notAfter: tomorrow,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.KeyUsagesExtension(
        isCa ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign : x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      ...(isCa
        ? [new x509.BasicConstraintsExtension(true, undefined, true)]
        : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  return { keys, certificate, pem: certificate.toString('pem') };
}

async function crlOf({ keys, certificate }) {
  const crl = await x509.X509CrlGenerator.create({
    issuer: certificate.subject,
    thisUpdate: yesterday,
    nextUpdate: tomorrow,
    signingKey: keys.privateKey,
    signingAlgorithm: ecdsa,
    entries: Array.from({ length: 100 }, (_, index) => ({ serialNumber: (0x10_00 + index).toString(16) })),
  });
  return Buffer.from(crl.rawData);
}

const root = await issue('Root', undefined, true);
const issuing = await issue('Issuing', root, true);

const POLICIES = {
  plain: { certificateUploadCheck: 'strict' },
  path: { trustAnchors: 'bench-set' },
  revocation: { trustAnchors: 'bench-set', revocationCheck: 'hard' },
};

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
await fill(database.url, await certificateMint(), { users: 10, credentials: 10 });
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

async function request(method, path, body, type = 'application/json') {
  const sent = {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    body: type === 'application/json' ? JSON.stringify(body) : body,
  };
  const answer = await fetch(server.url + CORE + path, sent);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
}

await request('POST', '/trust-anchor-sets', {
  extId: 'bench-set',
  name: 'bench-set',
  anchors: root.pem,
  intermediates: issuing.pem,
});
for (const [name, authority] of Object.entries({ root, issuing })) {
  await request('PUT', `/trust-anchor-sets/bench-set/crls/${name}`, await crlOf(authority), 'application/pkix-crl');
}
for (const [name, parameters] of Object.entries(POLICIES)) {
  await request('POST', '/policies', { policyType: 'CertificatePolicy', extId: `bench-${name}`, name, parameters });
  const { pem } = await issue(`first ${name}`, issuing, false);
  await request('POST', '/users/u0/certificates', {
    extId: `bench-${name}`,
    certificate: pem,
    policyExtId: `bench-${name}`,
  });
}

/** Seconds of CPU time that the server has used. */
async function cpuSeconds() {
  const fields = (await readFile(`/proc/${server.pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Milliseconds of CPU time for each change. */
async function measure(name, leaves) {
  const before = await cpuSeconds();
  for (const { pem } of leaves) {
    await request('PATCH', `/users/u0/certificates/bench-${name}`, { certificate: pem });
  }
  return (((await cpuSeconds()) - before) * 1000) / leaves.length;
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
