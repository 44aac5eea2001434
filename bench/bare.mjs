// The least that a server in Node can do for the three requests: node:http, the driver with the product's own SQL,
// node:crypto's parse. No access check, no validation, no policy, no log. What the product costs is measured against it.
import { randomUUID, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';

import pg from 'pg';

import { trailValues } from '../dist/src/audit/trail-event.js';
import {
  CERTIFICATE_COLUMNS,
  CHANGE_CERTIFICATE,
  CHANGE_STATE,
  READ_CERTIFICATE,
  READ_CERTIFICATE_TO_CHANGE,
} from '../dist/src/certificates/certificate.queries.js';
import { STATE_COLUMNS } from '../dist/src/credentials/credential.queries.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: '-c timezone=UTC' });

async function run({ name, text }, values) {
  const { rows } = await pool.query({ name, text, values });
  return rows[0];
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function certificateOf(pem) {
  const parsed = new X509Certificate(pem);
  return {
    der: parsed.raw,
    sha256: Buffer.from(parsed.fingerprint256.replaceAll(':', ''), 'hex'),
    sha1: Buffer.from(parsed.fingerprint.replaceAll(':', ''), 'hex'),
    subjectDn: parsed.subject,
    issuerDn: parsed.issuer,
    serial: parsed.serialNumber,
    notBefore: parsed.validFromDate,
    notAfter: parsed.validToDate,
    validFrom: parsed.validFromDate,
    validTo: parsed.validToDate,
  };
}

function trailOf(row, changed, der) {
  const { extId, userExtId, incarnation, sha256, state, reason, comment } = row;
  const caller = { actor: { userExtId: 'bench', clientExtId: '100' }, now: new Date(), requestId: randomUUID() };
  const event = { action: 'changed', kind: 'certificate', extId, userExtId, incarnation, changed, sha256, der };
  return trailValues(caller, { ...event, reason, comment, after: { state, reason, comment } });
}

const memberOf = (column) => column.split(' ')[0].replaceAll(/_[a-z]/g, (pair) => pair[1].toUpperCase());
const STATE = STATE_COLUMNS.map(memberOf);
const CERTIFICATE = CERTIFICATE_COLUMNS.map(memberOf);

async function update(clientExtId, userExtId, extId, { certificate, modificationComment }) {
  const row = await run(READ_CERTIFICATE_TO_CHANGE.administrator, [clientExtId, extId, userExtId]);
  const judged = [clientExtId, userExtId, row.ownerVersion, row.policyExtId, row.policyVersion, extId, row.version];
  if (certificate === undefined) row.comment = modificationComment;
  else Object.assign(row, certificateOf(certificate));
  const head = [...judged, row.lock, row.lockedUntil, new Date(), ...STATE.map((name) => row[name])];
  const written =
    certificate === undefined
      ? await run(CHANGE_STATE, [...head, 'none', ...trailOf(row, ['modificationComment'], undefined)])
      : await run(CHANGE_CERTIFICATE, [
          ...head,
          ...CERTIFICATE.map((name) => row[name]),
          'all',
          ...trailOf(row, ['certificate'], row.der),
        ]);
  return { ...row, version: written.version, lastModified: written.at };
}

function write(response, row) {
  const { der, sha256, sha1, ski } = row;
  const binary = { sha256: sha256.toString('hex'), sha1: sha1.toString('hex'), ski: ski?.toString('hex') };
  const body = JSON.stringify({ ...row, ...binary, der: der.toString('base64') });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

async function answer(request, response) {
  const [, , , , , clientExtId, , userExtId, , extId] = request.url.split('/');
  if (extId === undefined) response.writeHead(404).end();
  else if (request.method === 'GET') write(response, await run(READ_CERTIFICATE, [clientExtId, extId, userExtId]));
  else write(response, await update(clientExtId, userExtId, extId, await bodyOf(request)));
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end(String(error));
  });
}).listen(Number(process.env.PORT), process.env.HOST);
process.once('SIGTERM', () => process.exit(0));
