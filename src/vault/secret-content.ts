import type { KeyStoreSecret } from './secret-vault.js';

/** As it is stored. Base64, because a vault's JSON mangles raw bytes and unpaired surrogates alike. */
export interface StoredContent {
  readonly p12: string;
  readonly password?: string;
}

export function storedContent({ p12, password }: KeyStoreSecret): StoredContent {
  return {
    p12: p12.toString('base64'),
    ...(password === undefined ? {} : { password: Buffer.from(password, 'utf8').toString('base64') }),
  };
}

/** Undefined for what was not made by `storedContent`. */
export function readStoredContent(content: unknown): KeyStoreSecret | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const { p12, password } = content as Record<string, unknown>;
  if (typeof p12 !== 'string') return undefined;
  if (password !== undefined && typeof password !== 'string') return undefined;
  return {
    p12: Buffer.from(p12, 'base64'),
    password: password === undefined ? undefined : Buffer.from(password, 'base64').toString('utf8'),
  };
}
