import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

import { isLoopbackHost } from '../common/loopback.js';
import type { Environment } from './environment.js';
import { generatedSecret } from './generated-secrets.js';
import type { SettingName } from './setting-texts.js';

export interface KeyEncryptionKey {
  /** Derived from the key, so that an id always belongs to exactly one key. */
  readonly id: string;
  readonly key: KeyObject;
}

interface SealedVaultSettings {
  readonly kind: 'sealed';
  /** The current one first. */
  readonly keys: readonly [KeyEncryptionKey, ...KeyEncryptionKey[]];
}

/** Files are read at each login, so that renewing them needs no restart. */
export type Kv2Login =
  | { readonly method: 'token'; readonly tokenFile: string }
  | { readonly method: 'appRole'; readonly roleId: string; readonly secretIdFile: string };

export interface Kv2VaultSettings {
  readonly kind: 'kv2';
  /** The URL of the server, without a path. */
  readonly address: URL;
  readonly mount: string;
  readonly namespace: string | undefined;
  readonly login: Kv2Login;
}

export type VaultSettings = SealedVaultSettings | Kv2VaultSettings;

const KEY_BYTES = 32;
/** 32 bytes in base64 or base64url, padded or not. */
const KEY = /^[A-Za-z0-9+/_-]{43}=?$/;
/** Names separated by slashes, without characters that have a meaning in a URL. */
const MOUNT = /^[A-Za-z0-9_-][\w.-]*(\/[A-Za-z0-9_-][\w.-]*)*$/;

const KV2_NAMES = [
  'VAULT_MOUNT',
  'VAULT_NAMESPACE',
  'VAULT_TOKEN_FILE',
  'VAULT_ROLE_ID',
  'VAULT_SECRET_ID_FILE',
] as const;

/** `generated` is the data directory of the embedded mode, which generates a key if no vault is set. */
export function readVault(environment: Environment, generated: string | undefined): VaultSettings | undefined {
  if (environment.text('VAULT_ADDR') !== undefined) return readKv2(environment);
  const stray = KV2_NAMES.filter((name) => environment.text(name) !== undefined);
  if (stray.length > 0) environment.problem(`${stray.join(', ')}: set without VAULT_ADDR.`);
  const set = environment.text('VAULT_KEY_FILE') !== undefined;
  if (!set && generated === undefined) {
    environment.problem('One of VAULT_KEY_FILE and VAULT_ADDR is required.');
    return undefined;
  }
  const file =
    set || generated === undefined ? environment.file('VAULT_KEY_FILE') : generatedSecret(generated, 'vault-key');
  const keys = file === undefined ? undefined : parseKeys(file.toString('latin1'));
  if (typeof keys === 'string') environment.problem(`VAULT_KEY_FILE: ${keys}.`);
  return keys === undefined || typeof keys === 'string' ? undefined : { kind: 'sealed', keys };
}

/** One key per line; returns the error as text if there is one. */
function parseKeys(content: string): SealedVaultSettings['keys'] | string {
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  const keys: KeyEncryptionKey[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    if (!KEY.test(line)) return `line ${index + 1} is not a key of ${KEY_BYTES} bytes in base64`;
    keys.push(keyEncryptionKey(Buffer.from(line, 'base64')));
  }
  if (new Set(keys.map(({ id }) => id)).size < keys.length) return 'it contains a key twice';
  const [current, ...others] = keys;
  return current === undefined ? 'it contains no key' : [current, ...others];
}

function keyEncryptionKey(bytes: Buffer): KeyEncryptionKey {
  const id = createHmac('sha256', bytes).update('certkeep key id').digest('hex').slice(0, 16);
  return { id, key: createSecretKey(bytes) };
}

function readKv2(environment: Environment): Kv2VaultSettings | undefined {
  if (environment.text('VAULT_KEY_FILE') !== undefined) {
    environment.problem('VAULT_ADDR and VAULT_KEY_FILE are both set; set one.');
  }
  const address = readAddress(environment);
  const mount = environment.text('VAULT_MOUNT', 'secret');
  if (!MOUNT.test(mount)) environment.problem('VAULT_MOUNT must be a path such as secret or team/secret.');
  const namespace = environment.text('VAULT_NAMESPACE');
  if (namespace !== undefined && !/^[\x21-\x7e]+$/.test(namespace)) {
    environment.problem('VAULT_NAMESPACE must be printable ASCII without spaces.');
  }
  const login = readLogin(environment);
  if (address === undefined || login === undefined) return undefined;
  return { kind: 'kv2', address, mount, namespace, login };
}

function readAddress(environment: Environment): URL | undefined {
  const address = URL.parse(environment.text('VAULT_ADDR') ?? '');
  if (address === null || !/^https?:$/.test(address.protocol) || address.href !== `${address.origin}/`) {
    environment.problem('VAULT_ADDR must be an address such as https://vault.acme.example:8200, without a path.');
    return undefined;
  }
  if (address.protocol === 'https:' || isLoopbackHost(address.hostname)) return address;
  environment.problem('VAULT_ADDR must begin with https://, unless the vault is on this machine.');
  return undefined;
}

function readLogin(environment: Environment): Kv2Login | undefined {
  const tokenFile = environment.text('VAULT_TOKEN_FILE');
  const roleId = environment.text('VAULT_ROLE_ID');
  const secretIdFile = environment.text('VAULT_SECRET_ID_FILE');
  const byRole = roleId !== undefined || secretIdFile !== undefined;
  if (tokenFile !== undefined && byRole) {
    environment.problem('VAULT_TOKEN_FILE and VAULT_ROLE_ID with VAULT_SECRET_ID_FILE are both set; set one.');
    return undefined;
  }
  if (tokenFile !== undefined) {
    requireContent(environment, 'VAULT_TOKEN_FILE');
    return { method: 'token', tokenFile };
  }
  if (roleId !== undefined && secretIdFile !== undefined) {
    requireContent(environment, 'VAULT_SECRET_ID_FILE');
    return { method: 'appRole', roleId, secretIdFile };
  }
  environment.problem(
    byRole
      ? 'VAULT_ROLE_ID and VAULT_SECRET_ID_FILE belong together; set both.'
      : 'VAULT_ADDR needs a login: VAULT_TOKEN_FILE, or VAULT_ROLE_ID with VAULT_SECRET_ID_FILE.',
  );
  return undefined;
}

function requireContent(environment: Environment, name: SettingName): void {
  if (environment.file(name)?.length === 0) environment.problem(`${name}: the file is empty.`);
}
