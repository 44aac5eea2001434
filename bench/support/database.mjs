import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { DataSource } from 'typeorm';

import { certificateColumns } from '../../dist/src/certificates/certificate-store.js';
import { dataSourceOptions } from '../../dist/src/database/data-source.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded-postgres.js';
import { migrate } from '../../dist/src/database/migrate.js';
import { readCertificate } from '../../dist/src/x509/certificate/read-certificate.js';

export const CREDENTIALS = 100_000;
export const USERS = 1_000;

const BATCH = 5_000;

/** Starts the embedded PostgreSQL as `npm start` does, in a temporary directory. */
export async function startDatabase() {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'certkeep-bench-'));
  // mkdtemp sets 0700, and as root the server runs as another account, which needs access.
  await chmod(dataDirectory, 0o711);
  const server = await startEmbeddedPostgres({ dataDirectory, durable: true, announce: console.log });
  return {
    url: server.url,
    dataDirectory,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/**
 * Migrates, and inserts one client with a tolerant policy, users `u0` and so on, each created a millisecond after the
 * previous one, and credentials `c0` and so on with the certificates of `mint`, for the first `owners` users in turn.
 */
export async function fill(url, mint, { users = USERS, owners = users, credentials = CREDENTIALS } = {}) {
  await migrateDatabase(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(CLIENT);
  await client.query(POLICY);
  await client.query(ALL_USERS, [users]);
  for (let first = 0; first < credentials; first += BATCH) {
    await insertCredentials(client, mint, { first, count: Math.min(BATCH, credentials - first), owners });
  }
  // PostgreSQL would do both by itself later, during a measurement.
  await client.query('vacuum analyze');
  await client.query('checkpoint');
  const { rows } = await client.query('show server_version');
  await client.end();
  return rows[0].server_version;
}

export async function migrateDatabase(url) {
  const source = new DataSource(dataSourceOptions({ url, poolSize: 2, statementTimeoutMs: 60_000 }));
  await source.initialize();
  await migrate(source);
  await source.destroy();
}

const CLIENT = `insert into clients (ext_id, generation, name, version, created, last_modified)
  values ('100', gen_random_uuid(), 'bench', 1, now(), now())`;

const POLICY = `insert into policies (client_ext_id, ext_id, generation, policy_type, name, default_policy, parameters,
    evaluation_version, version, created, last_modified)
  values ('100', 'default', gen_random_uuid(), 'CertificatePolicy', 'default', true, '{}', 1, 1, now(), now())`;

const ALL_USERS = `insert into users (client_ext_id, ext_id, generation, login_id, login_id_folded, state,
    is_technical_user, first_name, family_name, email, version, created, last_modified, family_name_folded,
    email_folded, search_text, search_version)
  select '100', 'u' || n, gen_random_uuid(), 'user' || n, 'user' || n, 'active', false, 'First' || n, 'Family' || n,
    'user' || n || '@bench.example', 1, now() - ($1::integer - n) * interval '1 millisecond', now(),
    'family' || n, 'user' || n || '@bench.example', concat_ws(E'\\n', 'first' || n || ' family' || n, 'user' || n,
      'user' || n || '@bench.example', 'u' || n), 1
  from generate_series(0, $1::integer - 1) n`;

const COLUMNS = ['der', 'sha256', 'sha1', 'subjectDn', 'issuerDn', 'serial', 'ski', 'notBefore', 'notAfter'];

const SOME_CREDENTIALS = `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type,
    state, state_set_by, reason, comment, successes, failures, failures_since_lock, version, created, last_modified,
    der, sha256, sha1, subject_dn, issuer_dn, serial, ski, not_before, not_after, valid_from, valid_to)
  select '100', 'c' || n, gen_random_uuid(), 'u' || n % $2, 'default', 'Certificate', 'active', 'administrator',
    'cert-uploaded', 'inserted by the benchmark', 0, 0, 0, 1, now(), now(),
    der, sha256, sha1, subject_dn, issuer_dn, serial, ski, not_before, not_after, not_before, not_after
  from unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::bytea[],
    $10::timestamptz[], $11::timestamptz[]) with ordinality
    as c (der, sha256, sha1, subject_dn, issuer_dn, serial, ski, not_before, not_after, position),
    lateral (select $1::integer + position - 1) as numbered (n)`;

async function insertCredentials(client, mint, { first, count, owners }) {
  const certificates = Array.from({ length: count }, (_, index) => {
    const { certificate } = readCertificate(mint.der(first + index));
    return { ...certificateColumns(certificate), notBefore: certificate.notBefore, notAfter: certificate.notAfter };
  });
  const columns = COLUMNS.map((name) => certificates.map((certificate) => certificate[name]));
  await client.query(SOME_CREDENTIALS, [first, owners, ...columns]);
}
