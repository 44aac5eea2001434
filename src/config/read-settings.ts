import { resolve } from 'node:path';

import type { Permission } from '../common/permission.js';
import { Secret } from '../common/secret.js';
import { Environment } from './environment.js';
import { generatedSecret } from './generated-secrets.js';
import { readNetworks, readOrigins } from './network-lists.js';
import { BUILT_IN_ROLES, parseRoles } from './roles.js';
import { LOG_LEVELS, type Settings, type TokenSettings, type XTokenSettings } from './settings.js';
import { publicKey, SECRET_BYTES, secretKey } from './signing-keys.js';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);
const HOURS_24 = 86_400;

/** Reads all settings; throws one `StartError` that lists everything that is wrong, missing or contradictory. */
export function readSettings(variables: NodeJS.ProcessEnv = process.env): Settings {
  const environment = new Environment(variables);
  const databaseUrl = environment.secretText('DATABASE_URL');
  const embedded = databaseUrl === undefined;
  const host = environment.text('HOST') ?? '127.0.0.1';
  const dataDirectory = resolve(environment.text('CERTKEEP_DATA') ?? './data');
  checkMode(environment, { embedded, host, databaseUrl });
  const port = environment.integer('PORT', 3000, 0, 65_535);
  const poolSize = environment.integer('DATABASE_POOL', 10, 1, 200);
  const statementTimeoutMs = environment.integer('STATEMENT_TIMEOUT_MS', 5000, 100, 600_000);
  const migrate = environment.choice('MIGRATE', ['on', 'off'], 'on') === 'on';
  const fingerprintAlgorithm = environment.choice('FINGERPRINT_ALGORITHM', ['sha256', 'sha1'], 'sha256');
  const requireVersion = environment.boolean('REQUIRE_VERSION', false);
  const logLevel = environment.choice('LOG_LEVEL', LOG_LEVELS, 'info');
  const roles = readRoles(environment);
  // The image generates nothing: its file system ends with the container.
  const generated = embedded && !isImage(environment) ? dataDirectory : undefined;
  const tokens = readTokens(environment, generated);
  const xToken = readXToken(environment, generated);
  if (tokens?.key.type === 'secret' && xToken !== undefined && tokens.key.equals(xToken.key)) {
    environment.problem('JWT_SECRET_FILE and X_TOKEN_SECRET_FILE hold the same secret; an X-Token would be a login.');
  }
  const corsOrigins = readOrigins(environment, 'CORS_ORIGINS');
  const trustedProxies = readNetworks(environment, 'TRUSTED_PROXIES');
  environment.finish();
  return Object.freeze({
    host,
    port,
    database: {
      url: databaseUrl === undefined ? undefined : new Secret(databaseUrl),
      poolSize,
      statementTimeoutMs,
      migrate,
    },
    dataDirectory,
    // finish() has thrown where one of them is missing.
    tokens: tokens as TokenSettings,
    xToken: xToken as XTokenSettings,
    roles,
    fingerprintAlgorithm,
    requireVersion,
    logLevel,
    corsOrigins,
    trustedProxies,
  });
}

function isImage(environment: Environment): boolean {
  return environment.text('CERTKEEP_IMAGE') !== undefined;
}

interface Mode {
  readonly embedded: boolean;
  readonly host: string;
  readonly databaseUrl: string | undefined;
}

function checkMode(environment: Environment, { embedded, host, databaseUrl }: Mode): void {
  if (embedded && isImage(environment)) {
    environment.problem('DATABASE_URL is required in the image, which brings no PostgreSQL of its own.');
  } else if (embedded && !LOOPBACK.has(host)) {
    environment.problem(
      `HOST is ${host}: the embedded developer mode listens on loopback only. Set DATABASE_URL to serve others.`,
    );
  }
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    environment.problem('DATABASE_URL must begin with postgres:// or postgresql://.');
  }
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

/** `generated` is the data directory of the embedded mode, which makes what is not set. */
function readTokens(environment: Environment, generated: string | undefined): TokenSettings | undefined {
  const fallback = generated === undefined ? undefined : 'certkeep';
  const issuer = environment.text('JWT_ISSUER') ?? fallback;
  const audience = environment.text('JWT_AUDIENCE') ?? fallback;
  if (issuer === undefined) environment.problem('JWT_ISSUER is required.');
  if (audience === undefined) environment.problem('JWT_AUDIENCE is required.');
  const verification = readVerificationKey(environment, generated);
  if (issuer === undefined || audience === undefined || verification === undefined) return undefined;
  return {
    ...verification,
    issuer,
    audience,
    claims: {
      client: environment.text('JWT_CLAIM_CLIENT') ?? 'client_ext_id',
      permissions: environment.text('JWT_CLAIM_PERMISSIONS') ?? 'permissions',
      roles: environment.text('JWT_CLAIM_ROLES') ?? 'roles',
      dataRoom: environment.text('JWT_CLAIM_DATA_ROOM') ?? 'data_room',
    },
  };
}

function readVerificationKey(
  environment: Environment,
  generated: string | undefined,
): Pick<TokenSettings, 'key' | 'algorithms'> | undefined {
  const names = ['JWT_PUBLIC_KEY_FILE', 'JWT_SECRET_FILE'].filter((name) => environment.text(name) !== undefined);
  if (names.length > 1) {
    environment.problem(`${names.join(' and ')} are set; set exactly one.`);
    return undefined;
  }
  const pem = environment.file('JWT_PUBLIC_KEY_FILE');
  if (pem !== undefined) {
    const key = publicKey(pem);
    if (typeof key !== 'string') return key;
    environment.problem(`JWT_PUBLIC_KEY_FILE: ${key}.`);
    return undefined;
  }
  const secret = secretFrom(environment, 'JWT_SECRET_FILE', generated, 'jwt');
  if (secret === undefined && names.length === 0) {
    environment.problem('One of JWT_PUBLIC_KEY_FILE and JWT_SECRET_FILE is required.');
  }
  return secret === undefined ? undefined : { key: secret, algorithms: ['HS256'] };
}

function readXToken(environment: Environment, generated: string | undefined): XTokenSettings | undefined {
  const seconds = environment.integer('X_TOKEN_SECONDS', 3600, 60, HOURS_24);
  const key = secretFrom(environment, 'X_TOKEN_SECRET_FILE', generated, 'x-token');
  if (key === undefined && environment.text('X_TOKEN_SECRET_FILE') === undefined) {
    environment.problem('X_TOKEN_SECRET_FILE is required.');
  }
  return key === undefined ? undefined : { key, seconds };
}

function secretFrom(environment: Environment, name: string, generated: string | undefined, generatedName: string) {
  const set = environment.text(name) !== undefined;
  const bytes = set || generated === undefined ? environment.file(name) : generatedSecret(generated, generatedName);
  if (bytes === undefined) return undefined;
  const key = secretKey(bytes);
  if (key === undefined) environment.problem(`${name}: the secret has less than ${SECRET_BYTES} bytes.`);
  return key;
}
