import type { KeyStoreSecret } from './secret-vault.js';

/** The stored form. Base64, because JSON cannot represent raw bytes or unpaired surrogates. */
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

/** Undefined if the content was not written by `storedContent`. */
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
