// A minimal server for the three requests: node:http, the driver with certkeep's own SQL, and the certificate parser of
// node:crypto. It has no access check, validation, policy or log, and is the baseline of the benchmark.
import { randomUUID, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';

import pg from 'pg';

import { auditEvent } from '../dist/src/audit/change-with-audit-event.js';
import { denialOfChange } from '../dist/src/certificates/certificate-denial.rules.js';
import {
  CHANGE_CERTIFICATE,
  CHANGE_STATE,
  READ_CERTIFICATE,
  READ_CERTIFICATE_TO_CHANGE,
} from '../dist/src/certificates/certificate.queries.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, options: '-c timezone=UTC' });

async function run(statement, parameters) {
  const { name, text } = statement;
  const { rows } = await pool.query({ name, text, values: statement.values(parameters) });
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

function eventOf(before, row, member, der) {
  const { extId, userExtId, generation, sha256, state, reason, comment } = row;
  const changes = { [member]: der === undefined ? { from: before.comment, to: comment } : {} };
  const caller = { actor: { userExtId: 'bench', clientExtId: '100' }, now: new Date(), requestId: randomUUID() };
  const event = { action: 'changed', kind: 'certificate', extId, userExtId, generation, changes, sha256, der };
  return auditEvent(caller, { ...event, reason, comment, after: { state, reason, comment } });
}

async function update(path, { certificate, modificationComment }) {
  const { clientExtId } = path;
  const evaluated = await run(READ_CERTIFICATE_TO_CHANGE.administrator, path);
  const replaced = certificate !== undefined;
  const next = { ...evaluated, ...(replaced ? certificateOf(certificate) : { comment: modificationComment }) };
  const event = eventOf(
    evaluated,
    next,
    replaced ? 'certificate' : 'modificationComment',
    replaced ? next.der : undefined,
  );
  const counterReset = replaced ? 'all' : 'none';
  const denied = denialOfChange(evaluated, next);
  const parameters = { clientExtId, evaluated, next, now: new Date(), counterReset, event, denied };
  const written = await run(replaced ? CHANGE_CERTIFICATE : CHANGE_STATE, parameters);
  return { ...next, version: written.version, lastModified: written.at };
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
  else if (request.method === 'GET') write(response, await run(READ_CERTIFICATE, { clientExtId, userExtId, extId }));
  else write(response, await update({ clientExtId, userExtId, extId }, await bodyOf(request)));
}

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end(String(error));
  });
}).listen(Number(process.env.PORT), process.env.HOST);
process.once('SIGTERM', () => process.exit(0));
