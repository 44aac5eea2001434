// Measures the background check of stored certificates for revocation (contract 13.4) on a server with 10,000 of them:
//   npm run bench:revocation-check [-- --credentials 10000]
// Puts a CRL that revokes one certificate, the last one to be checked, and then one that revokes the CA above all, and
// prints the time from the answer to the PUT until the credentials are disabled. It includes the pause between two checks,
// up to 20 s. Exits with 1 where it takes more than 60 s.
import { KeyObject, sign } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';

import pg from 'pg';

import { readCertificate } from '../dist/src/x509/certificate/read-certificate.js';
import { encode } from '../dist/src/x509/der/encode.js';
import { crlOf, issue } from './support/authority.mjs';
import { fill, startDatabase } from './support/database.mjs';
import { endWithSignal } from './support/ending.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { requestsTo } from './support/requests.mjs';
import { describeMachine, machineWith, writeResults } from './support/results.mjs';
import { makeEnvironment, startServer } from './support/servers.mjs';

const { credentials: CREDENTIALS } = numericOptions({ credentials: 10_000 });
const MAX_SECONDS = 60;
const SERIAL = '0123456789abcdef0123456789abcdef';
const NUMBER = '0000000000';
const CLIENT = '/nevisidm/api/core/v1/100';

/** Copies of one certificate, each with its own subject and serial number, signed for real. */
async function issueMany(issuer, count) {
  const { der } = await issue(`user ${NUMBER}`, issuer, false, { serialNumber: SERIAL });
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

const root = await issue('Root', undefined, true);
const issuing = await issue('Issuing', root, true);
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

await request('POST', '/trust-anchor-sets', {
  extId: 'set-1',
  name: 'bench',
  anchors: root.pem,
  intermediates: issuing.pem,
});
const parameters = { trustAnchors: 'set-1', revocationCheck: 'soft' };
await request('PATCH', '/policies/default', { parameters });
await put('issuing', await crlOf(issuing, []));
while ((await metric('certkeep_revocation_checks_total\\{outcome="checked"\\}')) < CREDENTIALS) await after(250);

const { rows } = await sql.query('select ext_id from credentials order by ext_id desc limit 1');
const last = leaves[Number(rows[0].ext_id.slice(1))];
await put('issuing', await crlOf(issuing, [last.serialNumber]));
const one = await secondsUntil(1);
await after(1_000);
const pass = await metric('certkeep_revocation_checks_last_pass_seconds');
await put('root', await crlOf(root, [issuing.certificate.serialNumber]));
const all = await secondsUntil(CREDENTIALS);

const machine = machineWith(postgresql);
console.log(`\n${describeMachine(machine)}`);
console.log(`${CREDENTIALS} credentials of one client, EC P-256, two certificates below the anchor`);
console.table({
  'one check of all (s)': pass,
  'CRL put until the revoked one is disabled (s)': one,
  'CRL put until all are disabled, below a revoked CA (s)': all,
});
const met = one <= MAX_SECONDS && all <= MAX_SECONDS;
console.log(`${met ? '✓' : '✗'} both take at most ${MAX_SECONDS} s`);
await writeResults('revocation-check', { machine, CREDENTIALS, pass, one, all });
process.exitCode = met ? 0 : 1;
