import { KeyObject, sign, webcrypto } from 'node:crypto';
// Measures the background check of stored certificates for revocation (contract 13.4) on a server with 10,000 of them:
//   npm run bench:revocation-check [-- --credentials 10000]
// Puts a CRL that revokes one certificate, the last one to be checked, and then one that revokes the CA above all, and
// prints the time from the answer to the PUT until the credentials are disabled. It includes the pause between two checks,
// up to 20 s. Exits with 1 where it takes more than 60 s.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import pg from 'pg';

import { readCertificate } from '../dist/src/x509/certificate/read-certificate.js';
import { encode } from '../dist/src/x509/der/encode.js';
import { toPem } from './support/certificates.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { requestsTo } from './support/requests.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { values: options } = parseArgs({ options: { credentials: { type: 'string', default: '10000' } } });
const CREDENTIALS = Number(options.credentials);
const MAX_SECONDS = 60;
const SERIAL = '0123456789abcdef0123456789abcdef';
const NUMBER = '0000000000';
const DAY_MS = 86_400_000;
const CLIENT = '/nevisidm/api/core/v1/100';

x509.cryptoProvider.set(webcrypto);
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const makeKeys = async () => await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);

async function issue(name, issuer, isCa, keys, serialNumber) {
  const certificate = await x509.X509CertificateGenerator.create({
    ...(serialNumber !== undefined && { serialNumber }),
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 365 * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ecdsa,
    extensions: isCa
      ? [
          new x509.BasicConstraintsExtension(true, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        ]
      : [
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        ],
  });
  const { rawData, serialNumber: serial } = certificate;
  return { keys, certificate, serialNumber: serial, der: Buffer.from(rawData) };
}

async function crl(issuer, revoked) {
  const made = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate: new Date(Date.now() - 60_000),
    nextUpdate: new Date(Date.now() + DAY_MS),
    signingAlgorithm: ecdsa,
    signingKey: issuer.keys.privateKey,
    entries: revoked.map(({ serialNumber }) => ({
      serialNumber,
      revocationDate: new Date(Date.now() - DAY_MS / 2),
    })),
  });
  return Buffer.from(made.rawData);
}

/** Copies of one certificate, each with its own subject and serial number, signed for real. */
async function issueMany(issuer, count) {
  const { der } = await issue(`user ${NUMBER}`, issuer, false, await makeKeys(), SERIAL);
  const { tbsCertificate: signedPart, signature } = readCertificate(der).certificate.structure;
  const serialAt = signedPart.indexOf(Buffer.from(SERIAL, 'hex'));
  const numberAt = signedPart.indexOf(NUMBER, serialAt, 'latin1');
  const key = KeyObject.from(issuer.keys.privateKey);
  return Array.from({ length: count }, (_, index) => {
    const tbs = Buffer.from(signedPart);
    tbs.writeUInt32BE(index, serialAt + 12);
    tbs.write(String(index).padStart(NUMBER.length, '0'), numberAt, 'latin1');
    const made = encode(0x30, tbs, signature.der, encode(0x03, Buffer.of(0), sign('sha256', tbs, key)));
    return { der: made, serialNumber: tbs.subarray(serialAt, serialAt + 16).toString('hex') };
  });
}

const root = await issue('Root', undefined, true, await makeKeys());
const issuing = await issue('Issuing', root, true, await makeKeys());
console.log(`Issuing ${CREDENTIALS} certificates …`);
const leaves = await issueMany(issuing, CREDENTIALS);

await using ending = endWithSignal();
const database = ending.use(await startDatabase());
const mint = { der: (index) => leaves[index]?.der ?? leaves[0].der };
const postgresql = await fill(database.url, mint, { users: 1_000, credentials: CREDENTIALS });
const sql = new pg.Client({ connectionString: database.url });
ending.defer(() => sql.end());
await sql.connect();
const { environment, token } = await makeEnvironment(database);
const server = ending.use(await startServer('certkeep', environment, database.dataDirectory));

const request = requestsTo(server.url + CLIENT, token);

async function put(name, der) {
  await request('PUT', `/trust-anchor-sets/set-1/crls/${name}`, der, 'application/pkix-crl');
}

/** The seconds until so many credentials are disabled. */
async function secondsUntil(disabled) {
  const start = performance.now();
  for (;;) {
    const { rows } = await sql.query(
      `select count(*)::integer as count from credentials where reason = 'cert-revoked'`,
    );
    const seconds = (performance.now() - start) / 1000;
    if (rows[0].count >= disabled) return seconds;
    if (seconds > 600)
      throw new Error(`Only ${rows[0].count} of ${disabled} are disabled:\n${await server.endOfLog()}`);
    await after(50);
  }
}

async function metric(name) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const anchors = toPem(root.der);
const intermediates = toPem(issuing.der);
await request('POST', '/trust-anchor-sets', { extId: 'set-1', name: 'bench', anchors, intermediates });
const parameters = { trustAnchors: 'set-1', revocationCheck: 'soft' };
await request('PATCH', '/policies/default', { parameters });
await put('issuing', await crl(issuing, []));
while ((await metric('certkeep_revocation_checks_total\\{outcome="checked"\\}')) < CREDENTIALS) await after(250);

const { rows } = await sql.query('select ext_id from credentials order by ext_id desc limit 1');
const last = leaves[Number(rows[0].ext_id.slice(1))];
await put('issuing', await crl(issuing, [last]));
const one = await secondsUntil(1);
await after(1_000);
const pass = await metric('certkeep_revocation_checks_last_pass_seconds');
await put('root', await crl(root, [issuing]));
const all = await secondsUntil(CREDENTIALS);

const machine = { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.versions.node, postgresql };
console.log(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, PostgreSQL ${postgresql}`);
console.log(`${CREDENTIALS} credentials of one client, EC P-256, two certificates below the anchor`);
console.table({
  'one check of all (s)': pass,
  'CRL put until the revoked one is disabled (s)': one,
  'CRL put until all are disabled, below a revoked CA (s)': all,
});
const met = one <= MAX_SECONDS && all <= MAX_SECONDS;
console.log(`${met ? '✓' : '✗'} both take at most ${MAX_SECONDS} s`);
const folder = join(import.meta.dirname, 'results');
await mkdir(folder, { recursive: true });
await writeFile(
  join(folder, 'revocation-check.json'),
  `${JSON.stringify({ machine, CREDENTIALS, pass, one, all }, null, 2)}\n`,
);
process.exitCode = met ? 0 : 1;
