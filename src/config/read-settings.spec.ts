import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { StartError } from '../common/start-error.js';
import { readSettings } from './read-settings.js';
import type { Settings } from './settings.js';
import type { VerificationKey } from './signing-keys.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certkeep-settings-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const embedded = (more: Readonly<Record<string, string>> = {}) =>
  readSettings({ CERTKEEP_DATA: join(folder, 'data'), ...more });

/** The least that a server with its own database needs. */
function production(more: Readonly<Record<string, string | undefined>> = {}) {
  return readSettings({
    DATABASE_URL: 'postgresql://certkeep:correct-horse@db/certkeep',
    JWT_ISSUER: 'https://login.acme.example',
    JWT_AUDIENCE: 'certkeep-production',
    JWT_SECRET_FILE: file('jwt', 'j'.repeat(32)),
    X_TOKEN_SECRET_FILE: file('x-token', 'x'.repeat(32)),
    VAULT_KEY_FILE: file('vault-key', Buffer.alloc(32, 'v').toString('base64')),
    ...more,
  });
}

/** What the start would say, line by line, without its heading. */
function problems(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('with nothing set: the embedded developer mode, on loopback', () => {
  const settings = readSettings({ CERTKEEP_DATA: join(folder, 'data') });
  expect(settings).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    database: { url: undefined, poolSize: 10, statementTimeoutMs: 5000, migrate: true },
    dataDirectory: join(folder, 'data'),
    tokens: {
      keys: { algorithms: ['HS256'] },
      issuer: 'certkeep',
      audience: 'certkeep',
      claims: { client: 'client_ext_id', permissions: 'permissions', roles: 'roles', dataRoom: 'data_room' },
    },
    xToken: { seconds: 3600 },
    fingerprintAlgorithm: 'sha256',
    requireVersion: false,
    logLevel: 'info',
    corsOrigins: [],
    trustedProxies: [],
  });
  expect(settings.roles.get('nevisIdm.SelfAdmin')).toEqual(['SelfAdmin']);
  expect(Object.isFrozen(settings)).toBe(true);
});

test('every setting is taken as it is set', () => {
  const settings = production({
    HOST: '0.0.0.0',
    PORT: '8080',
    DATABASE_POOL: '25',
    STATEMENT_TIMEOUT_MS: '1500',
    MIGRATE: 'off',
    CERTKEEP_DATA: './elsewhere',
    JWT_CLAIM_CLIENT: 'tenant',
    JWT_CLAIM_PERMISSIONS: 'scp',
    JWT_CLAIM_ROLES: 'groups',
    JWT_CLAIM_DATA_ROOM: 'rooms',
    X_TOKEN_SECONDS: '120',
    ROLES_FILE: file('roles.json', '{"reader": ["AccessControl.CredentialView"]}'),
    FINGERPRINT_ALGORITHM: 'sha1',
    REQUIRE_VERSION: 'true',
    LOG_LEVEL: 'warn',
    CORS_ORIGINS: 'https://a.example, https://b.example,',
    TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16, 2001:db8::/32',
  });
  expect(settings).toMatchObject({
    host: '0.0.0.0',
    port: 8080,
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
    logLevel: 'warn',
    corsOrigins: ['https://a.example', 'https://b.example'],
    trustedProxies: ['10.0.0.1', '192.168.0.0/16', '2001:db8::/32'],
  });
  expect(settings.database.url?.reveal()).toBe('postgresql://certkeep:correct-horse@db/certkeep');
  expect([...settings.roles]).toEqual([['reader', ['CredentialView']]]);
});

test('an empty variable is none, as compose files write it', () => {
  expect(embedded({ DATABASE_URL: '', PORT: '', JWT_SECRET_FILE: '', ROLES_FILE: '' })).toMatchObject({ port: 3000 });
});

function keyOf({ tokens }: Settings): VerificationKey {
  if ('jwksUrl' in tokens.keys) throw new Error('The keys are fetched.');
  return tokens.keys;
}

test('generated secrets are kept, readable to their owner alone, and differ', () => {
  const first = embedded();
  const second = embedded();
  expect(keyOf(first).key.equals(keyOf(second).key)).toBe(true);
  expect(keyOf(first).key.equals(first.xToken.key)).toBe(false);
  const secrets = join(folder, 'data', 'secrets');
  expect((statSync(secrets).mode & 0o777).toString(8)).toBe('700');
  for (const name of ['jwt', 'x-token']) {
    expect((statSync(join(secrets, name)).mode & 0o777).toString(8)).toBe('600');
    expect(Buffer.from(readFileSync(join(secrets, name), 'utf8'), 'base64url').length).toBe(32);
  }
});

function secretOf(content: string | Buffer): string {
  const { key } = keyOf(production({ JWT_SECRET_FILE: file('secret', content) }));
  return key.export().toString('latin1');
}

test('a secret is its file less one line end, whatever else is in it', () => {
  const secret = 'S'.repeat(32);
  expect(secretOf(secret)).toBe(secret);
  expect(secretOf(`${secret}\n`)).toBe(secret);
  expect(secretOf(`${secret}\r\n`)).toBe(secret);
  expect(secretOf(`${secret}\n\n`)).toBe(`${secret}\n`);
  expect(secretOf(`${secret} `)).toBe(`${secret} `);
  expect(secretOf(Buffer.alloc(32, 0xff))).toBe('\xff'.repeat(32));
});

test('the address of the database may stand in a file', () => {
  const DATABASE_URL_FILE = file('url', 'postgres://certkeep:correct-horse@db/certkeep\n');
  const { url } = production({ DATABASE_URL: undefined, DATABASE_URL_FILE }).database;
  expect(url?.reveal()).toBe('postgres://certkeep:correct-horse@db/certkeep');
  expect(problems(() => production({ DATABASE_URL_FILE }))).toEqual([
    '  - DATABASE_URL and DATABASE_URL_FILE are both set; set one.',
  ]);
});

test('with nothing but a database, everything that trust rests on is asked for at once', () => {
  expect(problems(() => readSettings({ DATABASE_URL: 'mysql://db/certkeep' }))).toEqual([
    '  - DATABASE_URL must begin with postgres:// or postgresql://.',
    '  - JWT_ISSUER is required.',
    '  - JWT_AUDIENCE is required.',
    '  - One of JWT_JWKS_URL, JWT_PUBLIC_KEY_FILE, JWT_SECRET_FILE is required.',
    '  - X_TOKEN_SECRET_FILE is required.',
    '  - One of VAULT_KEY_FILE and VAULT_ADDR is required.',
  ]);
});

test('the image does not start without a database, and generates nothing', () => {
  expect(problems(() => embedded({ CERTKEEP_IMAGE: '1', HOST: '0.0.0.0' }))).toEqual([
    '  - DATABASE_URL is required in the image, which brings no PostgreSQL of its own.',
    '  - JWT_ISSUER is required.',
    '  - JWT_AUDIENCE is required.',
    '  - One of JWT_JWKS_URL, JWT_PUBLIC_KEY_FILE, JWT_SECRET_FILE is required.',
    '  - X_TOKEN_SECRET_FILE is required.',
    '  - One of VAULT_KEY_FILE and VAULT_ADDR is required.',
  ]);
  expect(problems(() => production({ CERTKEEP_IMAGE: '1' }))).toEqual([]);
});

test.each(['0.0.0.0', '::', '192.0.2.7', 'certkeep.example', '127.0.0.1.example'])(
  'the embedded mode does not listen on %s',
  (HOST) => {
    expect(problems(() => embedded({ HOST }))).toEqual([
      `  - HOST is ${HOST}: the embedded developer mode listens on loopback only. Set DATABASE_URL to serve others.`,
    ]);
  },
);

test.each(['127.0.0.1', 'localhost', '::1'])('the embedded mode listens on %s', (HOST) => {
  expect(embedded({ HOST }).host).toBe(HOST);
});

test.each([
  ['PORT', '65536', 'a whole number from 0 to 65535'],
  ['PORT', '80.5', 'a whole number from 0 to 65535'],
  ['PORT', '-1', 'a whole number from 0 to 65535'],
  ['PORT', '0x50', 'a whole number from 0 to 65535'],
  ['PORT', ' 80', 'a whole number from 0 to 65535'],
  ['DATABASE_POOL', '0', 'a whole number from 1 to 200'],
  ['STATEMENT_TIMEOUT_MS', '99', 'a whole number from 100 to 600000'],
  ['X_TOKEN_SECONDS', '59', 'a whole number from 60 to 86400'],
  ['MIGRATE', 'false', 'one of on, off'],
  ['FINGERPRINT_ALGORITHM', 'md5', 'one of sha256, sha1'],
  ['REQUIRE_VERSION', '1', 'true or false'],
  ['LOG_LEVEL', 'trace', 'one of silent, error, warn, info, debug'],
])('%s=%s is refused: it must be %s', (name, value, expected) => {
  expect(problems(() => production({ [name]: value }))).toEqual([`  - ${name} must be ${expected}.`]);
});

test.each([
  '*',
  'null',
  'acme.example',
  'https://acme.example/',
  'https://acme.example/console',
  'HTTPS://acme.example',
])('CORS_ORIGINS=%s is refused: no browser sends that', (CORS_ORIGINS) => {
  expect(problems(() => production({ CORS_ORIGINS }))).toEqual([
    `  - CORS_ORIGINS: ${CORS_ORIGINS} is no origin such as https://console.acme.example.`,
  ]);
});

test.each(['proxy.acme.example', '10.0.0', '10.0.0.0/33', '2001:db8::/129', '10.0.0.0/', 'true'])(
  'TRUSTED_PROXIES=%s is refused',
  (TRUSTED_PROXIES) => {
    expect(problems(() => production({ TRUSTED_PROXIES }))).toEqual([
      `  - TRUSTED_PROXIES: ${TRUSTED_PROXIES} is neither an IP address nor a network.`,
    ]);
  },
);

test('4.1 keys may be fetched: by TLS, or without from this machine', () => {
  for (const JWT_JWKS_URL of [
    'https://login.acme.example/jwks?tenant=7',
    'http://127.0.0.1:8080/jwks',
    'http://[::1]/x',
  ]) {
    const { keys } = production({ JWT_SECRET_FILE: undefined, JWT_JWKS_URL }).tokens;
    expect('jwksUrl' in keys && keys.jwksUrl.href).toBe(JWT_JWKS_URL);
  }
  expect('jwksUrl' in embedded({ JWT_JWKS_URL: 'https://login.acme.example/jwks' }).tokens.keys).toBe(true);
});

test.each([
  'http://login.acme.example/jwks',
  'http://127.0.0.1.acme.example/jwks',
  'https://user:secret@login.acme.example/jwks',
  'ftp://127.0.0.1/jwks',
  'file:///etc/jwks.json',
  'login.acme.example/jwks',
])('4.1 keys are not fetched from %s', (JWT_JWKS_URL) => {
  expect(problems(() => production({ JWT_SECRET_FILE: undefined, JWT_JWKS_URL }))).toEqual([
    '  - JWT_JWKS_URL must be an https URL without credentials; http is for this machine only.',
  ]);
});

test('4.7 one secret for two purposes is refused', () => {
  const same = file('same', 's'.repeat(40));
  const sameAgain = file('same-again', `${'s'.repeat(40)}\n`);
  expect(problems(() => production({ JWT_SECRET_FILE: same, X_TOKEN_SECRET_FILE: sameAgain }))).toEqual([
    '  - JWT_SECRET_FILE and X_TOKEN_SECRET_FILE hold the same secret; an X-Token would be a login.',
  ]);
});

test('a public key takes the place of a secret; both at once are refused', () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const JWT_PUBLIC_KEY_FILE = file('public.pem', publicKey.export({ type: 'spki', format: 'pem' }));
  expect(keyOf(production({ JWT_SECRET_FILE: undefined, JWT_PUBLIC_KEY_FILE })).algorithms).toEqual([
    'EdDSA',
    'Ed25519',
  ]);
  expect(problems(() => production({ JWT_PUBLIC_KEY_FILE }))).toEqual([
    '  - JWT_PUBLIC_KEY_FILE and JWT_SECRET_FILE are set; set exactly one.',
  ]);
});

test('files that are missing, too short or not what they should be are each named', () => {
  const wrong = {
    JWT_SECRET_FILE: undefined,
    JWT_PUBLIC_KEY_FILE: file('no.pem', ''),
    ROLES_FILE: file('no.json', '{'),
  };
  expect(problems(() => production(wrong))).toEqual([
    '  - ROLES_FILE: it is not JSON.',
    '  - JWT_PUBLIC_KEY_FILE: it holds no readable PEM public key.',
  ]);
  const missing = join(folder, 'missing');
  expect(
    problems(() => production({ JWT_SECRET_FILE: missing, X_TOKEN_SECRET_FILE: missing, ROLES_FILE: missing })),
  ).toEqual(
    ['ROLES_FILE', 'JWT_SECRET_FILE', 'X_TOKEN_SECRET_FILE'].map(
      (name) => `  - ${name}: the file cannot be read (ENOENT).`,
    ),
  );
  expect(problems(() => production({ JWT_SECRET_FILE: file('short', `${'s'.repeat(31)}\n`) }))).toEqual([
    '  - JWT_SECRET_FILE: the secret has less than 32 bytes.',
  ]);
});

test('the settings, printed whole, show no secret', () => {
  const settings = production();
  for (const text of [JSON.stringify(settings), inspect(settings, { depth: null, showHidden: true })]) {
    expect(text).not.toContain('correct-horse');
    expect(text).not.toContain('j'.repeat(32));
    expect(text).not.toContain('x'.repeat(32));
    expect(text).not.toContain('v'.repeat(32));
    expect(text).not.toContain(Buffer.alloc(32, 'v').toString('base64'));
  }
});

test('a data directory that cannot be made is named with the remedy', () => {
  const path = join(file('no-directory', ''), 'data');
  expect(() => readSettings({ CERTKEEP_DATA: path })).toThrow(
    `certkeep cannot keep its secrets in ${join(path, 'secrets')} (ENOTDIR). Make the folder writable, or set CERTKEEP_DATA.`,
  );
});
