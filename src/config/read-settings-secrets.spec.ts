import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { problemsOf, SettingsFolder } from '../../test/support/settings-folder.js';
import { readSettings } from './read-settings.js';
import type { Settings } from './settings.js';
import type { VerificationKey } from './signing-keys.js';

let folder: SettingsFolder;

beforeAll(() => {
  folder = new SettingsFolder();
});

afterAll(() => folder.remove());

function keyOf({ tokens }: Settings): VerificationKey {
  if ('jwksUrl' in tokens.keys) throw new Error('The keys are fetched.');
  return tokens.keys;
}

test('generated secrets are kept, are readable by their owner only, and differ', () => {
  const first = folder.embedded();
  const second = folder.embedded();
  expect(keyOf(first).key.equals(keyOf(second).key)).toBe(true);
  expect(keyOf(first).key.equals(first.xToken.key)).toBe(false);
  const secrets = join(folder.path, 'data', 'secrets');
  expect((statSync(secrets).mode & 0o777).toString(8)).toBe('700');
  for (const name of ['jwt', 'x-token']) {
    expect((statSync(join(secrets, name)).mode & 0o777).toString(8)).toBe('600');
    expect(Buffer.from(readFileSync(join(secrets, name), 'utf8'), 'base64url').length).toBe(32);
  }
});

function secretOf(content: string | Buffer): string {
  const { key } = keyOf(folder.production({ JWT_SECRET_FILE: folder.file('secret', content) }));
  return key.export().toString('latin1');
}

test('a secret is the content of its file without one line end', () => {
  const secret = 'S'.repeat(32);
  expect(secretOf(secret)).toBe(secret);
  expect(secretOf(`${secret}\n`)).toBe(secret);
  expect(secretOf(`${secret}\r\n`)).toBe(secret);
  expect(secretOf(`${secret}\n\n`)).toBe(`${secret}\n`);
  expect(secretOf(`${secret} `)).toBe(`${secret} `);
  expect(secretOf(Buffer.alloc(32, 0xff))).toBe('\xff'.repeat(32));
});

test('the URL of the database may be in a file', () => {
  const DATABASE_URL_FILE = folder.file('url', 'postgres://certkeep:correct-horse@db/certkeep\n');
  const { url } = folder.production({ DATABASE_URL: undefined, DATABASE_URL_FILE }).database;
  expect(url?.reveal()).toBe('postgres://certkeep:correct-horse@db/certkeep');
  expect(problemsOf(() => folder.production({ DATABASE_URL_FILE }))).toEqual([
    '  - DATABASE_URL and DATABASE_URL_FILE are both set; set one.',
  ]);
});

test('4.1 keys may be fetched over TLS, or without TLS from this machine', () => {
  for (const JWT_JWKS_URL of [
    'https://login.acme.example/jwks?tenant=7',
    'http://127.0.0.1:8080/jwks',
    'http://[::1]/x',
  ]) {
    const { keys } = folder.production({ JWT_SECRET_FILE: undefined, JWT_JWKS_URL }).tokens;
    expect('jwksUrl' in keys && keys.jwksUrl.href).toBe(JWT_JWKS_URL);
  }
  expect('jwksUrl' in folder.embedded({ JWT_JWKS_URL: 'https://login.acme.example/jwks' }).tokens.keys).toBe(true);
});

test.each([
  'http://login.acme.example/jwks',
  'http://127.0.0.1.acme.example/jwks',
  'https://user:secret@login.acme.example/jwks',
  'ftp://127.0.0.1/jwks',
  'file:///etc/jwks.json',
  'login.acme.example/jwks',
])('4.1 keys are not fetched from %s', (JWT_JWKS_URL) => {
  expect(problemsOf(() => folder.production({ JWT_SECRET_FILE: undefined, JWT_JWKS_URL }))).toEqual([
    '  - JWT_JWKS_URL must be an https URL without credentials; http is allowed only for this machine.',
  ]);
});

test('4.7 the same secret for two purposes is refused', () => {
  const same = folder.file('same', 's'.repeat(40));
  const sameAgain = folder.file('same-again', `${'s'.repeat(40)}\n`);
  expect(problemsOf(() => folder.production({ JWT_SECRET_FILE: same, X_TOKEN_SECRET_FILE: sameAgain }))).toEqual([
    '  - JWT_SECRET_FILE and X_TOKEN_SECRET_FILE contain the same secret; an X-Token would be accepted as a bearer token.',
  ]);
});

test('a public key may replace a secret; both at once are refused', () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const JWT_PUBLIC_KEY_FILE = folder.file('public.pem', publicKey.export({ type: 'spki', format: 'pem' }));
  expect(keyOf(folder.production({ JWT_SECRET_FILE: undefined, JWT_PUBLIC_KEY_FILE })).algorithms).toEqual([
    'EdDSA',
    'Ed25519',
  ]);
  expect(problemsOf(() => folder.production({ JWT_PUBLIC_KEY_FILE }))).toEqual([
    '  - JWT_PUBLIC_KEY_FILE and JWT_SECRET_FILE are set; set exactly one.',
  ]);
});

test('missing, short and wrong files are each named', () => {
  const wrong = {
    JWT_SECRET_FILE: undefined,
    JWT_PUBLIC_KEY_FILE: folder.file('no.pem', ''),
    ROLES_FILE: folder.file('no.json', '{'),
  };
  expect(problemsOf(() => folder.production(wrong))).toEqual([
    '  - ROLES_FILE: it is not JSON.',
    '  - JWT_PUBLIC_KEY_FILE: it contains no valid PEM public key.',
  ]);
  const missing = join(folder.path, 'missing');
  expect(
    problemsOf(() =>
      folder.production({ JWT_SECRET_FILE: missing, X_TOKEN_SECRET_FILE: missing, ROLES_FILE: missing }),
    ),
  ).toEqual(
    ['ROLES_FILE', 'JWT_SECRET_FILE', 'X_TOKEN_SECRET_FILE'].map(
      (name) => `  - ${name}: the file cannot be read (ENOENT).`,
    ),
  );
  expect(problemsOf(() => folder.production({ JWT_SECRET_FILE: folder.file('short', `${'s'.repeat(31)}\n`) }))).toEqual(
    ['  - JWT_SECRET_FILE: the secret has less than 32 bytes.'],
  );
});

test('printed settings show no secret', () => {
  const settings = folder.production();
  for (const text of [JSON.stringify(settings), inspect(settings, { depth: null, showHidden: true })]) {
    expect(text).not.toContain('correct-horse');
    expect(text).not.toContain('j'.repeat(32));
    expect(text).not.toContain('x'.repeat(32));
    expect(text).not.toContain('v'.repeat(32));
    expect(text).not.toContain(Buffer.alloc(32, 'v').toString('base64'));
  }
});

test('a data directory that cannot be created is named with the remedy', () => {
  const path = join(folder.file('no-directory', ''), 'data');
  expect(() => readSettings({ CERTKEEP_DATA: path })).toThrow(
    `certkeep cannot keep its secrets in ${join(path, 'secrets')}: a file is in its place (EEXIST: `,
  );
});
