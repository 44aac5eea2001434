import { join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { problemsOf, SettingsFolder } from '../../test/support/settings-folder.js';
import { readSettings } from './read-settings.js';

let folder: SettingsFolder;

beforeAll(() => {
  folder = new SettingsFolder();
});

afterAll(() => folder.remove());

test('without settings the embedded mode starts on loopback', () => {
  const settings = folder.embedded();
  expect(settings).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    maxConnections: 1000,
    database: { url: undefined, poolSize: 10, statementTimeoutMs: 5000, migrate: true },
    dataDirectory: join(folder.path, 'data'),
    tokens: {
      keys: { algorithms: ['HS256'] },
      issuer: 'certkeep',
      audience: 'certkeep',
      claims: { client: 'client_ext_id', permissions: 'permissions', roles: 'roles', dataRoom: 'data_room' },
    },
    xToken: { seconds: 3600 },
    fingerprintAlgorithm: 'sha256',
    requireVersion: false,
    maxCredentialsPerUser: 100,
    logLevel: 'info',
    drainMs: 0,
    corsOrigins: [],
    trustedProxies: [],
    outgoingAllow: [],
    pages: { enabled: true, signIn: undefined },
  });
  expect(settings.roles.get('nevisIdm.SelfAdmin')).toEqual(['SelfAdmin']);
  expect(Object.isFrozen(settings)).toBe(true);
});

test('every setting has the value that is set', () => {
  const settings = folder.production({
    HOST: '0.0.0.0',
    PORT: '8080',
    MAX_CONNECTIONS: '200',
    DATABASE_POOL: '25',
    STATEMENT_TIMEOUT_MS: '1500',
    MIGRATE: 'off',
    CERTKEEP_DATA: './elsewhere',
    JWT_CLAIM_CLIENT: 'tenant',
    JWT_CLAIM_PERMISSIONS: 'scp',
    JWT_CLAIM_ROLES: 'groups',
    JWT_CLAIM_DATA_ROOM: 'rooms',
    X_TOKEN_SECONDS: '120',
    ROLES_FILE: folder.file('roles.json', '{"reader": ["AccessControl.CredentialView"]}'),
    FINGERPRINT_ALGORITHM: 'sha1',
    REQUIRE_VERSION: 'true',
    MAX_CREDENTIALS_PER_USER: '7',
    LOG_LEVEL: 'warn',
    CORS_ORIGINS: 'https://a.example, https://b.example,',
    TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16, 2001:db8::/32',
    OUTGOING_ALLOW: '10.0.0.0/8, 192.168.1.7:8080',
  });
  expect(settings).toMatchObject({
    host: '0.0.0.0',
    port: 8080,
    maxConnections: 200,
    database: { poolSize: 25, statementTimeoutMs: 1500, migrate: false },
    dataDirectory: resolve('./elsewhere'),
    tokens: {
      issuer: 'https://login.acme.example',
      audience: 'certkeep-production',
      claims: { client: 'tenant', permissions: 'scp', roles: 'groups', dataRoom: 'rooms' },
    },
    xToken: { seconds: 120 },
    fingerprintAlgorithm: 'sha1',
    requireVersion: true,
    maxCredentialsPerUser: 7,
    logLevel: 'warn',
    corsOrigins: ['https://a.example', 'https://b.example'],
    trustedProxies: ['10.0.0.1', '192.168.0.0/16', '2001:db8::/32'],
    outgoingAllow: [
      { network: '10.0.0.0/8', ports: [80, 443] },
      { network: '192.168.1.7', ports: [8080] },
    ],
  });
  expect(settings.database.url?.reveal()).toBe('postgresql://certkeep:correct-horse@db/certkeep');
  expect([...settings.roles]).toEqual([['reader', ['CredentialView']]]);
});

test('DRAIN_SECONDS is 2.5 outside the embedded mode, and may be a fraction', () => {
  expect(folder.production({}).drainMs).toBe(2_500);
  expect(folder.production({ DRAIN_SECONDS: '0.25' }).drainMs).toBe(250);
  expect(folder.production({ DRAIN_SECONDS: '0' }).drainMs).toBe(0);
  expect(folder.embedded({ DRAIN_SECONDS: '60' }).drainMs).toBe(60_000);
});

test.each(['-1', '60.5', '1e1', '.5', '0x1', 'soon'])('DRAIN_SECONDS %s is refused', (DRAIN_SECONDS) => {
  expect(() => folder.production({ DRAIN_SECONDS })).toThrow('DRAIN_SECONDS must be seconds from 0 to 60');
});

test('an empty variable counts as absent, as in compose files', () => {
  expect(folder.embedded({ DATABASE_URL: '', PORT: '', JWT_SECRET_FILE: '', ROLES_FILE: '' })).toMatchObject({
    port: 3000,
  });
});

test('with only a database, all required settings for tokens and vault are reported at once', () => {
  expect(problemsOf(() => readSettings({ DATABASE_URL: 'mysql://db/certkeep' }))).toEqual([
    '  - DATABASE_URL must begin with postgres:// or postgresql://.',
    '  - JWT_ISSUER is required.',
    '  - JWT_AUDIENCE is required.',
    '  - One of JWT_JWKS_URL, JWT_PUBLIC_KEY_FILE, JWT_SECRET_FILE is required.',
    '  - X_TOKEN_SECRET_FILE is required.',
    '  - One of VAULT_KEY_FILE and VAULT_ADDR is required.',
  ]);
});

test('the image does not start without a database, and generates nothing', () => {
  expect(problemsOf(() => folder.embedded({ CERTKEEP_IMAGE: '1', HOST: '0.0.0.0' }))).toEqual([
    '  - DATABASE_URL is required in the container image, which does not include PostgreSQL.',
    '  - JWT_ISSUER is required.',
    '  - JWT_AUDIENCE is required.',
    '  - One of JWT_JWKS_URL, JWT_PUBLIC_KEY_FILE, JWT_SECRET_FILE is required.',
    '  - X_TOKEN_SECRET_FILE is required.',
    '  - One of VAULT_KEY_FILE and VAULT_ADDR is required.',
  ]);
  expect(problemsOf(() => folder.production({ CERTKEEP_IMAGE: '1' }))).toEqual([]);
});

test('NODE_ENV=production does not start without a database', () => {
  expect(problemsOf(() => folder.embedded({ NODE_ENV: 'production' }))).toEqual([
    '  - DATABASE_URL is required with NODE_ENV=production: the embedded PostgreSQL is for trials only.',
  ]);
  expect(problemsOf(() => folder.production({ NODE_ENV: 'production' }))).toEqual([]);
});

test.each(['0.0.0.0', '::', '192.0.2.7', 'certkeep.example', '127.0.0.1.example'])(
  'the embedded mode does not listen on %s',
  (HOST) => {
    expect(problemsOf(() => folder.embedded({ HOST }))).toEqual([
      `  - HOST is ${HOST}: the embedded mode listens on loopback only. Set DATABASE_URL to serve others.`,
    ]);
  },
);

test.each(['127.0.0.1', 'localhost', '::1'])('the embedded mode listens on %s', (HOST) => {
  expect(folder.embedded({ HOST }).host).toBe(HOST);
});

test.each([
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PORT', '80.5', 'a whole number from 0 to 65535'],
  ['PORT', '-1', 'a whole number from 0 to 65535'],
  ['PORT', '0x50', 'a whole number from 0 to 65535'],
  ['PORT', ' 80', 'a whole number from 0 to 65535'],
  ['MAX_CONNECTIONS', '0', 'a whole number from 1 to 100000'],
  ['DATABASE_POOL', '0', 'a whole number from 1 to 1000'],
  ['DATABASE_WAIT_SECONDS', '3601', 'a whole number from 0 to 3600'],
  ['STATEMENT_TIMEOUT_MS', '99', 'a whole number from 100 to 600000'],
  ['RECONCILE_SECONDS', '0', 'a whole number from 1 to 3600'],
  ['AUDIT_RETENTION_DAYS', '36501', 'a whole number from 0 to 36500'],
  ['KEY_STORE_RETENTION_DAYS', '3651', 'a whole number from 0 to 3650'],
  ['AUDIT_RETENTION_DAYS', '-1', 'a whole number from 0 to 36500'],
  ['X_TOKEN_SECONDS', '59', 'a whole number from 60 to 86400'],
  ['MIGRATE', 'false', 'one of on, off'],
  ['FINGERPRINT_ALGORITHM', 'md5', 'one of sha256, sha1'],
  ['REQUIRE_VERSION', '1', 'true or false'],
  ['MAX_CREDENTIALS_PER_USER', '0', 'a whole number from 1 to 100000'],
  ['LOG_LEVEL', 'trace', 'one of silent, error, warn, info, debug'],
])('%s=%s is refused: it must be %s', (name, value, expected) => {
  expect(problemsOf(() => folder.production({ [name]: value }))).toEqual([`  - ${name} must be ${expected}.`]);
});

test.each([
  ['is missing', () => join(folder.path, 'missing'), 'ENOENT'],
  ['is a file', () => folder.file('a-file', ''), 'ENOTDIR'],
])('a folder for exports that %s is refused', (_, path, code) => {
  expect(problemsOf(() => folder.production({ AUDIT_EXPORT_DIR: path() }))).toEqual([
    `  - AUDIT_EXPORT_DIR: the folder cannot be written to (${code}); create it, and let certkeep's user write to it.`,
  ]);
});

test.each([
  '*',
  'null',
  'acme.example',
  'https://acme.example/',
  'https://acme.example/console',
  'HTTPS://acme.example',
])('CORS_ORIGINS=%s is refused: browsers do not send it', (CORS_ORIGINS) => {
  expect(problemsOf(() => folder.production({ CORS_ORIGINS }))).toEqual([
    `  - CORS_ORIGINS: ${CORS_ORIGINS} is not an origin such as https://console.acme.example.`,
  ]);
});

test.each(['proxy.acme.example', '10.0.0', '10.0.0.0/33', '2001:db8::/129', '10.0.0.0/', 'fe80::1%eth0', 'true'])(
  'TRUSTED_PROXIES=%s is refused',
  (TRUSTED_PROXIES) => {
    expect(problemsOf(() => folder.production({ TRUSTED_PROXIES }))).toEqual([
      `  - TRUSTED_PROXIES: ${TRUSTED_PROXIES} is neither an IP address nor a network.`,
    ]);
  },
);

test.each([
  ['10.1.2.3', '10.1.2.3', [80, 443]],
  ['10.1.2.3:8080', '10.1.2.3', [8080]],
  ['10.0.0.0/8:80', '10.0.0.0/8', [80]],
  ['fd00::/8', 'fd00::/8', [80, 443]],
  ['fd00::1:8080', 'fd00::1:8080', [80, 443]],
  ['[fd00::1]', 'fd00::1', [80, 443]],
  ['[fd00::/8]:8080', 'fd00::/8', [8080]],
])('13.3 OUTGOING_ALLOW=%s allows %s, ports %j', (OUTGOING_ALLOW, network, ports) => {
  expect(folder.production({ OUTGOING_ALLOW }).outgoingAllow).toEqual([{ network, ports }]);
});

test.each([
  'crl.acme.example',
  'http://10.1.2.3',
  '10.0.0',
  '10.0.0.0/33',
  '10.1.2.3:',
  '10.1.2.3:0',
  '10.1.2.3:080',
  '10.1.2.3:65536',
  '10.1.2.3:80-90',
  '10.1.2.3:*',
  '[10.1.2.3]:80',
  'fd00::/8:8080',
  '[fd00::/129]:80',
  '[fd00::1',
  'fe80::1%eth0',
  '*',
])('13.3 OUTGOING_ALLOW=%s is refused', (OUTGOING_ALLOW) => {
  expect(problemsOf(() => folder.production({ OUTGOING_ALLOW }))).toEqual([
    `  - OUTGOING_ALLOW: ${OUTGOING_ALLOW} is not an IP address or a network, with or without a port.`,
  ]);
});

test('people sign in to the pages at the issuer', () => {
  const signIn = { issuer: 'https://login.acme.example/realms/acme', clientId: 'pages' };
  const set = { OIDC_ISSUER: signIn.issuer, OIDC_CLIENT_ID: signIn.clientId };
  expect(folder.production(set).pages).toEqual({
    enabled: true,
    signIn: { ...signIn, scope: 'openid', resource: undefined },
  });
  const more = { ...set, OIDC_SCOPE: 'openid certkeep', OIDC_RESOURCE: 'urn:certkeep', CONSOLE: 'off' };
  expect(folder.production(more).pages).toEqual({
    enabled: false,
    signIn: { ...signIn, scope: 'openid certkeep', resource: 'urn:certkeep' },
  });
  expect(folder.production({ ...set, OIDC_ISSUER: 'http://127.0.0.1:9000' }).pages.signIn?.issuer).toBe(
    'http://127.0.0.1:9000',
  );
});

test.each([
  [{ OIDC_ISSUER: 'https://login.acme.example' }, 'set together'],
  [{ OIDC_CLIENT_ID: 'pages' }, 'set together'],
  [{ OIDC_ISSUER: 'http://login.acme.example', OIDC_CLIENT_ID: 'pages' }, 'OIDC_ISSUER must be an https URL'],
  [{ OIDC_ISSUER: 'https://a:b@login.acme.example', OIDC_CLIENT_ID: 'pages' }, 'OIDC_ISSUER must be an https URL'],
  [{ OIDC_ISSUER: 'https://login.acme.example?x', OIDC_CLIENT_ID: 'pages' }, 'OIDC_ISSUER must be an https URL'],
  [{ OIDC_ISSUER: 'login.acme.example', OIDC_CLIENT_ID: 'pages' }, 'OIDC_ISSUER must be an https URL'],
  [{ OIDC_SCOPE: 'certkeep' }, 'OIDC_SCOPE must contain openid'],
  [{ OIDC_RESOURCE: 'certkeep' }, 'OIDC_RESOURCE must be an absolute URI'],
  [{ CONSOLE: 'no' }, 'CONSOLE must be one of on, off'],
])('a start with %j is refused', (variables, problem) => {
  expect(() => folder.production(variables)).toThrow(problem);
});

test.each([
  [
    { DATABASE_POOLER: 'transaction' },
    'DATABASE_POOLER=transaction needs DATABASE_DIRECT_URL, which leads to the database without the pooler.',
  ],
  [
    { DATABASE_DIRECT_URL: 'postgres://db/certkeep' },
    'DATABASE_DIRECT_URL is only used with DATABASE_POOLER=transaction.',
  ],
  [
    { DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: 'mysql://db/certkeep' },
    'DATABASE_DIRECT_URL must begin with postgres:// or postgresql://.',
  ],
  [{ DATABASE_POOLER: 'session' }, 'DATABASE_POOLER must be one of none, transaction.'],
  [
    { DATABASE_REPLICA_URL: 'mysql://db/certkeep' },
    'DATABASE_REPLICA_URL must begin with postgres:// or postgresql://.',
  ],
])('%j is refused', (variables, problem) => {
  expect(problemsOf(() => folder.production(variables))).toEqual([`  - ${problem}`]);
});

test.each(['ssslmode=verify-full', 'application_name=a&sslMode=require', 'requiressl=1', 'tls=true'])(
  'a database URL with ?%s, which the driver would ignore, is refused',
  (parameters) => {
    const DATABASE_URL = `postgres://certkeep:correct-horse@db/certkeep?${parameters}`;
    expect(problemsOf(() => folder.production({ DATABASE_URL }))).toEqual([
      '  - DATABASE_URL has a parameter about TLS that is unknown, and would be ignored. Known are sslmode, sslrootcert, sslcert, sslkey, sslnegotiation, ssl, uselibpqcompat.',
    ]);
  },
);

test('a database URL with parameters that the driver reads is accepted', () => {
  const DATABASE_URL = 'postgres://db/certkeep?sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=a';
  expect(folder.production({ DATABASE_URL }).database.url?.reveal()).toBe(DATABASE_URL);
});

test('a pooler and a replica need a database of one’s own', () => {
  expect(
    problemsOf(() => folder.embedded({ DATABASE_POOLER: 'transaction', DATABASE_REPLICA_URL: 'postgres://db/a' })),
  ).toEqual([
    '  - DATABASE_POOLER is set, but DATABASE_URL, the URL of the pooler, is not.',
    '  - DATABASE_REPLICA_URL is set, but DATABASE_URL is not.',
  ]);
});
