import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { problemsOf, SettingsFolder } from '../../test/support/settings-folder.js';
import { Environment } from './environment.js';
import { readVault, type VaultSettings } from './vault-settings.js';

const KEYS = ['a', 'b'].map((letter) => Buffer.alloc(32, letter));
const [FIRST = '', SECOND = ''] = KEYS.map((key) => key.toString('base64'));
const ADDRESS = 'https://vault.acme.example:8200';

let folder: SettingsFolder;
let token: string;

beforeAll(() => {
  folder = new SettingsFolder();
  token = folder.file('token', 's.correct-horse\n');
});

afterAll(() => folder.remove());

function read(variables: Readonly<Record<string, string>>, generated?: string): VaultSettings | undefined {
  const environment = new Environment(variables);
  const settings = readVault(environment, generated);
  environment.finish();
  return settings;
}

const problems = (variables: Readonly<Record<string, string>>) => problemsOf(() => read(variables));

function keysOf(content: string | Buffer): readonly { id: string; key: Buffer }[] {
  const settings = read({ VAULT_KEY_FILE: folder.file('keys', content) });
  if (settings?.kind !== 'sealed') throw new Error('Not sealed.');
  return settings.keys.map(({ id, key }) => ({ id, key: key.export() }));
}

test('a key file has one key a line, the current one first, and may have comments and empty lines', () => {
  const keys = keysOf(`# of June\r\n${SECOND}\r\n\r\n# of May\r\n  ${FIRST}  \r\n`);
  expect(keys.map(({ key }) => key)).toEqual([KEYS[1], KEYS[0]]);
  expect(keys[0]?.id).toMatch(/^[0-9a-f]{16}$/);
});

test('the id of a key does not depend on its line or its base64 variant', () => {
  const key = Buffer.alloc(32, 0xfb);
  const ids = ['base64', 'base64url'].map((encoding) => keysOf(key.toString(encoding as 'base64'))[0]?.id);
  expect(new Set(ids).size).toBe(1);
  expect(keysOf(`${FIRST}\n${SECOND}`)[0]?.id).toBe(keysOf(`${SECOND}\n${FIRST}`)[1]?.id);
});

test.each([
  ['nothing', '\n# only words\n', 'it contains no key'],
  ['a key that is too short', Buffer.alloc(31).toString('base64'), 'line 1 is not a key of 32 bytes in base64'],
  ['a key that is too long', Buffer.alloc(33).toString('base64'), 'line 1 is not a key of 32 bytes in base64'],
  ['raw bytes', Buffer.alloc(32, 1), 'line 1 is not a key of 32 bytes in base64'],
  ['a bad second line', `${Buffer.alloc(32).toString('base64')}\nno key`, 'line 2 is not a key of 32 bytes in base64'],
  ['a repeated key', `${Buffer.alloc(32).toString('base64')}\n`.repeat(2), 'it contains a key twice'],
])('a key file with %s is refused', (_, content, reason) => {
  expect(problems({ VAULT_KEY_FILE: folder.file('wrong', content) })).toEqual([`  - VAULT_KEY_FILE: ${reason}.`]);
});

test('a key file that cannot be read is named', () => {
  expect(problems({ VAULT_KEY_FILE: join(folder.path, 'missing') })).toEqual([
    '  - VAULT_KEY_FILE: the file cannot be read (ENOENT).',
  ]);
});

test('the embedded mode generates one key and keeps it; elsewhere nothing is generated', () => {
  const data = join(folder.path, 'data');
  const [first, second] = [read({}, data), read({}, data)];
  expect(first).toMatchObject({ kind: 'sealed', keys: [{ id: expect.any(String) as string }] });
  expect(second).toEqual(first);
  expect(problems({})).toEqual(['  - One of VAULT_KEY_FILE and VAULT_ADDR is required.']);
});

test('a vault over HTTP has a token or a role', () => {
  expect(read({ VAULT_ADDR: ADDRESS, VAULT_TOKEN_FILE: token }, 'unused')).toEqual({
    kind: 'kv2',
    address: new URL(ADDRESS),
    mount: 'secret',
    namespace: undefined,
    login: { method: 'token', tokenFile: token },
  });
  const byRole = { VAULT_ROLE_ID: 'role-1', VAULT_SECRET_ID_FILE: token };
  expect(
    read({ VAULT_ADDR: `${ADDRESS}/`, VAULT_MOUNT: 'team/kv-2', VAULT_NAMESPACE: 'acme/eu', ...byRole }),
  ).toMatchObject({
    mount: 'team/kv-2',
    namespace: 'acme/eu',
    login: { method: 'appRole', roleId: 'role-1', secretIdFile: token },
  });
});

test.each(['http://127.0.0.1:8200', 'http://localhost:8200', 'http://[::1]:8200', 'https://10.0.0.1'])(
  'VAULT_ADDR may be %s',
  (VAULT_ADDR) => {
    expect(read({ VAULT_ADDR, VAULT_TOKEN_FILE: token })).toMatchObject({ kind: 'kv2' });
  },
);

const NO_ADDRESS = 'must be an address such as https://vault.acme.example:8200, without a path';

test.each([
  ['vault.acme.example', NO_ADDRESS],
  ['https://vault.acme.example/v1', NO_ADDRESS],
  ['https://vault.acme.example?x', NO_ADDRESS],
  ['https://user:password@vault.acme.example', NO_ADDRESS],
  ['ftp://vault.acme.example', NO_ADDRESS],
  ['http://vault.acme.example', 'must begin with https://, unless the vault is on this machine'],
  ['http://10.0.0.1:8200', 'must begin with https://, unless the vault is on this machine'],
])('VAULT_ADDR=%s is refused', (VAULT_ADDR, reason) => {
  expect(problems({ VAULT_ADDR, VAULT_TOKEN_FILE: token })).toEqual([`  - VAULT_ADDR ${reason}.`]);
});

test.each(['/secret', 'secret/', 'a//b', '../sys', 'a/../b', 'a b', 'a%2fb', '.'])(
  'VAULT_MOUNT=%s is refused',
  (VAULT_MOUNT) => {
    expect(problems({ VAULT_ADDR: ADDRESS, VAULT_TOKEN_FILE: token, VAULT_MOUNT })).toEqual([
      '  - VAULT_MOUNT must be a path such as secret or team/secret.',
    ]);
  },
);

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['no login', {}, 'VAULT_ADDR needs a login: VAULT_TOKEN_FILE, or VAULT_ROLE_ID with VAULT_SECRET_ID_FILE.'],
  ['an incomplete role', { VAULT_ROLE_ID: 'r' }, 'VAULT_ROLE_ID and VAULT_SECRET_ID_FILE belong together; set both.'],
  [
    'a token and a role',
    { VAULT_TOKEN_FILE: 'x', VAULT_ROLE_ID: 'r' },
    'VAULT_TOKEN_FILE and VAULT_ROLE_ID with VAULT_SECRET_ID_FILE are both set; set one.',
  ],
  ['a namespace of two lines', { VAULT_NAMESPACE: 'a\nb' }, 'VAULT_NAMESPACE must be printable ASCII without spaces.'],
  ['a missing token file', { VAULT_TOKEN_FILE: '/nowhere' }, 'VAULT_TOKEN_FILE: the file cannot be read (ENOENT).'],
])('%s is refused', (_, variables, problem) => {
  const login: Readonly<Record<string, string>> = 'VAULT_NAMESPACE' in variables ? { VAULT_TOKEN_FILE: token } : {};
  expect(problems({ VAULT_ADDR: ADDRESS, ...login, ...variables })).toEqual([`  - ${problem}`]);
});

test('two vaults, an incomplete vault and an empty login are refused', () => {
  const VAULT_KEY_FILE = folder.file('keys', FIRST);
  expect(problems({ VAULT_ADDR: ADDRESS, VAULT_TOKEN_FILE: token, VAULT_KEY_FILE })).toEqual([
    '  - VAULT_ADDR and VAULT_KEY_FILE are both set; set one.',
  ]);
  expect(problems({ VAULT_KEY_FILE, VAULT_TOKEN_FILE: token, VAULT_MOUNT: 'kv' })).toEqual([
    '  - VAULT_MOUNT, VAULT_TOKEN_FILE: set without VAULT_ADDR.',
  ]);
  expect(problems({ VAULT_ADDR: ADDRESS, VAULT_TOKEN_FILE: folder.file('empty', '\n') })).toEqual([
    '  - VAULT_TOKEN_FILE: the file is empty.',
  ]);
});

test('printed settings show no secret', () => {
  for (const settings of [
    read({ VAULT_KEY_FILE: folder.file('keys', FIRST) }),
    read({ VAULT_ADDR: ADDRESS, VAULT_TOKEN_FILE: token }),
  ]) {
    for (const text of [JSON.stringify(settings), inspect(settings, { depth: null, showHidden: true })]) {
      expect(text).not.toMatch(/correct-horse|YWFhYWFh|6161616161|61 61 61 61|97, ?97, ?97/);
    }
  }
});
