import { resolve } from 'node:path';

import type { Permission } from '../common/permission.js';
import { Secret } from '../common/secret.js';
import { readDatabaseUrl } from './database-url.js';
import { Environment } from './environment.js';
import { readAllowedNetworks, readNetworks, readOrigins } from './network-lists.js';
import { readPages } from './page-settings.js';
import { BUILT_IN_ROLES, parseRoles } from './roles.js';
import { LOG_LEVELS, type Settings, type TokenSettings, type XTokenSettings } from './settings.js';
import { readClientCertHeader, readTls } from './tls-settings.js';
import { readTokens, readXToken } from './token-settings.js';
import { readVault, type VaultSettings } from './vault-settings.js';
import { readPoolSize, readWorkers } from './worker-settings.js';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

/** Reads all settings; throws one `StartError` that lists everything that is invalid, missing or contradictory. */
export function readSettings(
  variables: NodeJS.ProcessEnv = process.env,
  environment = new Environment(variables),
): Settings {
  const databaseUrl = readDatabaseUrl(environment, 'DATABASE_URL');
  const embedded = databaseUrl === undefined;
  const host = environment.text('HOST', '127.0.0.1');
  const dataDirectory = resolve(environment.text('CERTKEEP_DATA', './data'));
  checkMode(environment, { embedded, host });
  const port = environment.integer('PORT', 3000, 0, 65_535);
  const workers = readWorkers(environment);
  const maxConnections = environment.integer('MAX_CONNECTIONS', 1000, 1, 100_000);
  const poolSize = readPoolSize(environment, workers);
  const directUrl = readDirectUrl(environment, databaseUrl);
  const replicaUrl = readReplicaUrl(environment, databaseUrl);
  const waitSeconds = environment.integer('DATABASE_WAIT_SECONDS', 60, 0, 3600);
  const statementTimeoutMs = environment.integer('STATEMENT_TIMEOUT_MS', 5000, 100, 600_000);
  const migrate = environment.choice('MIGRATE', ['on', 'off'], 'on') === 'on';
  const fingerprintAlgorithm = environment.choice('FINGERPRINT_ALGORITHM', ['sha256', 'sha1'], 'sha256');
  const requireVersion = environment.boolean('REQUIRE_VERSION', false);
  const maxCredentialsPerUser = environment.integer('MAX_CREDENTIALS_PER_USER', 100, 1, 100_000);
  const logLevel = environment.choice('LOG_LEVEL', LOG_LEVELS, 'info');
  const roles = readRoles(environment);
  // The container image generates no secrets, because its file system is lost with the container.
  const generated = embedded && !isImage(environment) ? dataDirectory : undefined;
  const tokens = readTokens(environment, generated);
  const xToken = readXToken(environment, generated);
  if (tokens !== undefined && 'key' in tokens.keys && xToken?.key.equals(tokens.keys.key)) {
    environment.problem(
      'JWT_SECRET_FILE and X_TOKEN_SECRET_FILE contain the same secret; an X-Token would be accepted as a bearer token.',
    );
  }
  const vault = readVault(environment, generated);
  const reconcileSeconds = environment.integer('RECONCILE_SECONDS', 30, 1, 3600);
  // The embedded mode has no load balancer, and Ctrl-C should end it at once.
  const drainMs = environment.seconds('DRAIN_SECONDS', embedded ? 0 : 2.5, 60) * 1000;
  const keyStoreRetentionDays = environment.integer('KEY_STORE_RETENTION_DAYS', 30, 0, 3650);
  const audit = {
    retentionDays: environment.integer('AUDIT_RETENTION_DAYS', 0, 0, 36_500),
    exportDirectory: environment.folder('AUDIT_EXPORT_DIR'),
  };
  const corsOrigins = readOrigins(environment, 'CORS_ORIGINS');
  const trustedProxies = readNetworks(environment, 'TRUSTED_PROXIES');
  const clientCertHeader = readClientCertHeader(environment, trustedProxies);
  const tls = readTls(environment, port);
  const outgoingAllow = readAllowedNetworks(environment, 'OUTGOING_ALLOW');
  const pages = readPages(environment);
  environment.finish();
  return Object.freeze({
    host,
    port,
    workers,
    maxConnections,
    database: {
      waitSeconds,
      url: databaseUrl === undefined ? undefined : new Secret(databaseUrl),
      directUrl: directUrl === undefined ? undefined : new Secret(directUrl),
      replicaUrl: replicaUrl === undefined ? undefined : new Secret(replicaUrl),
      poolSize,
      statementTimeoutMs,
      migrate,
    },
    dataDirectory,
    // finish() has thrown if one of them is missing.
    tokens: tokens as TokenSettings,
    xToken: xToken as XTokenSettings,
    vault: vault as VaultSettings,
    drainMs,
    reconcileSeconds,
    keyStoreRetentionDays,
    audit,
    roles,
    fingerprintAlgorithm,
    requireVersion,
    maxCredentialsPerUser,
    logLevel,
    corsOrigins,
    trustedProxies,
    clientCertHeader,
    tls,
    outgoingAllow,
    pages,
  });
}

function isImage(environment: Environment): boolean {
  return environment.text('CERTKEEP_IMAGE') !== undefined;
}

interface Mode {
  readonly embedded: boolean;
  readonly host: string;
}

function checkMode(environment: Environment, { embedded, host }: Mode): void {
  if (embedded && isImage(environment)) {
    environment.problem('DATABASE_URL is required in the container image, which does not include PostgreSQL.');
  } else if (embedded && environment.text('NODE_ENV') === 'production') {
    environment.problem(
      'DATABASE_URL is required with NODE_ENV=production: the embedded PostgreSQL is for trials only.',
    );
  } else if (embedded && !LOOPBACK.has(host)) {
    environment.problem(
      `HOST is ${host}: the embedded mode listens on loopback only. Set DATABASE_URL to serve others.`,
    );
  }
}

/** Behind a pooler, migrations and background work need sessions of their own. */
function readDirectUrl(environment: Environment, databaseUrl: string | undefined): string | undefined {
  const isPooled = environment.choice('DATABASE_POOLER', ['none', 'transaction'], 'none') === 'transaction';
  const directUrl = readDatabaseUrl(environment, 'DATABASE_DIRECT_URL');
  if (isPooled && databaseUrl === undefined) {
    environment.problem('DATABASE_POOLER is set, but DATABASE_URL, the URL of the pooler, is not.');
  } else if (isPooled && directUrl === undefined) {
    environment.problem(
      'DATABASE_POOLER=transaction needs DATABASE_DIRECT_URL, which leads to the database without the pooler.',
    );
  } else if (!isPooled && directUrl !== undefined) {
    environment.problem('DATABASE_DIRECT_URL is only used with DATABASE_POOLER=transaction.');
  }
  return directUrl;
}

function readReplicaUrl(environment: Environment, databaseUrl: string | undefined): string | undefined {
  const replicaUrl = readDatabaseUrl(environment, 'DATABASE_REPLICA_URL');
  if (replicaUrl !== undefined && databaseUrl === undefined) {
    environment.problem('DATABASE_REPLICA_URL is set, but DATABASE_URL is not.');
  }
  return replicaUrl;
}

function readRoles(environment: Environment): ReadonlyMap<string, readonly Permission[]> {
  const builtIn = new Map(Object.entries(BUILT_IN_ROLES));
  const file = environment.file('ROLES_FILE');
  if (file === undefined) return builtIn;
  const roles = parseRoles(file.toString('utf8'));
  if (typeof roles !== 'string') return roles;
  environment.problem(`ROLES_FILE: ${roles}.`);
  return builtIn;
}
