import 'reflect-metadata';
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';

import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SignJWT } from 'jose';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';

import { signXToken } from '../../src/auth/x-token.js';
import { createApp } from '../../src/bootstrap.js';
import { CertificateEvaluator } from '../../src/certificates/evaluation/certificate-evaluator.js';
import { ListeningSockets } from '../../src/commands/listening-sockets.js';
import { Secret } from '../../src/common/secret.js';
import { BUILT_IN_ROLES } from '../../src/config/roles.js';
import type { Settings } from '../../src/config/settings.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { ENTITIES } from '../../src/entities.js';
import { JsonWorker } from '../../src/http/json-worker.js';
import { createLogger } from '../../src/http/logger.js';
import { Pkcs12Reader } from '../../src/keystores/pkcs12-reader.js';
import { CrlReader } from '../../src/trust/revocation/crl-reader.js';
import { TestClock } from './clock.js';
import { createDatabase } from './database.js';
import { poolOf } from './pool.js';
import { TestScheduler } from './scheduler.js';

export interface TestApp {
  readonly url: string;
  readonly server: Server;
  readonly clock: TestClock;
  readonly scheduler: TestScheduler;
  readonly dataSource: DataSource;
  readonly settings: Settings;
  /** The key that signs bearer tokens, unless a test sets another one. */
  readonly tokenKey: KeyObject;
  /** The lines of the log, in JSON. */
  readonly log: readonly string[];
  /** The application's instance of this class or port. */
  get<Value>(type: abstract new (...parameters: never[]) => Value): Value;
  token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  xToken(userExtId: string, clientExtId?: string): Promise<string>;
  close(): Promise<void>;
}

export const START_OF_TIME = '2026-06-01T12:00:00.000Z';

/** The output of `npm run build`, as Node cannot run the sources. */
const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'src');
const PKCS12_PROGRAM = join(BUILT, 'keystores', 'pkcs12-process.js');
const JSON_PROGRAM = join(BUILT, 'http', 'json-worker-program.js');
export const CRL_PROGRAM = join(BUILT, 'trust', 'revocation', 'crl-reader-program.js');
const EVALUATION_PROGRAM = join(BUILT, 'certificates', 'evaluation', 'certificate-evaluation-program.js');

/** Text, since a line end after a secret in a file is not part of it. */
const secret = (): KeyObject => createSecretKey(Buffer.from(randomBytes(48).toString('base64url')));
const SECRETS = { jwt: secret(), xToken: secret() };

/** Longer than a request waits for a lock in production: a busy machine may need long for what a test does meanwhile. */
const LOCK_TIMEOUT_MS = 5_000;

/** The complete application on a migrated database of its own, with a test clock. `through` may return the URL of a proxy for the database. */
export async function startApp(
  overrides: Partial<Settings> = {},
  through: (url: string) => string | Promise<string> = (url) => url,
  builtPages?: string,
): Promise<TestApp> {
  const database = await createDatabase();
  const options = dataSourceOptions(
    { url: await through(database.url), poolSize: 10, statementTimeoutMs: 10_000 },
    ENTITIES,
  );
  const dataSource = await new DataSource({
    ...options,
    extra: { ...(options.extra as object), lock_timeout: LOCK_TIMEOUT_MS },
  }).initialize();
  const clock = new TestClock(START_OF_TIME);
  const log: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void log.push(line) });
  const settings: Settings = { ...testSettings(), ...throughPooler(database.url), ...overrides };
  const scheduler = new TestScheduler();
  // A busy machine may take longer than the default limits.
  const pkcs12Reader = new Pkcs12Reader({
    program: PKCS12_PROGRAM,
    timeLimitMilliseconds: 20_000,
    startLimitMilliseconds: 200_000,
  });
  const jsonWorker = new JsonWorker(JSON_PROGRAM);
  const crlReader = new CrlReader({ program: CRL_PROGRAM });
  const certificateEvaluator = new CertificateEvaluator({ program: EVALUATION_PROGRAM });
  const runtime = {
    settings,
    clock,
    scheduler,
    logger,
    droppedLogLines: () => 0,
    pool: poolOf(dataSource),
    pkcs12Reader,
    jsonWorker,
    crlReader,
    certificateEvaluator,
  };
  const app: NestExpressApplication = await createApp(runtime, builtPages);
  const server: Server = app.getHttpServer();
  // As the product does: of 1000 connections at once to one socket, the system resets those that wait for seconds.
  const sockets = new ListeningSockets(server);
  const { port } = await sockets.open(0, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    clock,
    scheduler,
    dataSource,
    settings,
    get: (type) => app.get(type as Type),
    tokenKey: SECRETS.jwt,
    log,
    token: async (claims = {}) => await signToken(clock.now(), claims),
    xToken: async (userExtId, clientExtId = '100') =>
      await signXToken(SECRETS.xToken, { userExtId, clientExtId }, clock.now(), 3600),
    close: async () => {
      server.closeAllConnections();
      await sockets.close();
      await app.close();
      await database.drop();
    },
  };
}

/** With `npm run test:pooler`, requests go through the pooler. */
function throughPooler(databaseUrl: string): Partial<Settings> {
  const pooler = inject('poolerUrl') as string | undefined;
  if (pooler === undefined) return {};
  const url = new URL(pooler);
  url.pathname = new URL(databaseUrl).pathname;
  const database = { ...testSettings().database, url: new Secret(url.href), directUrl: new Secret(databaseUrl) };
  return { database };
}

function testSettings(): Settings {
  return {
    host: '127.0.0.1',
    port: 0,
    workers: 1,
    maxConnections: 1000,
    database: { url: undefined, waitSeconds: 0, poolSize: 10, statementTimeoutMs: 10_000, migrate: false },
    dataDirectory: '',
    tokens: {
      keys: { key: SECRETS.jwt, algorithms: ['HS256'] },
      issuer: 'certkeep',
      audience: 'certkeep',
      claims: { client: 'client_ext_id', permissions: 'permissions', roles: 'roles', dataRoom: 'data_room' },
    },
    xToken: { key: SECRETS.xToken, seconds: 3600 },
    vault: { kind: 'sealed', keys: [{ id: 'test', key: createSecretKey(randomBytes(32)) }] },
    drainMs: 0,
    reconcileSeconds: 30,
    keyStoreRetentionDays: 30,
    audit: { retentionDays: 0, exportDirectory: undefined },
    roles: new Map(Object.entries(BUILT_IN_ROLES)),
    fingerprintAlgorithm: 'sha256',
    requireVersion: false,
    maxCredentialsPerUser: 100,
    logLevel: 'info',
    corsOrigins: [],
    trustedProxies: [],
    clientCertHeader: undefined,
    tls: undefined,
    outgoingAllow: [],
    pages: { enabled: true, signIn: undefined },
  };
}

/** An administrator of client 100 with every right, unless the claims say otherwise; `undefined` removes a claim. */
async function signToken(now: Date, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  const all = {
    sub: 'admin-1',
    client_ext_id: '100',
    roles: ['nevisIdm.Root'],
    iss: 'certkeep',
    aud: 'certkeep',
    exp: seconds + 3600,
    ...claims,
  };
  return await new SignJWT(all).setProtectedHeader({ alg: 'HS256' }).sign(SECRETS.jwt);
}
