import { type KeyObject, randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';

/** Distinguishes X-Tokens from bearer tokens, in addition to their keys (contract 4.7). */
export const X_TOKEN_AUDIENCE = 'certkeep:x-token';

/**
 * The claim with the generation of the password for which the token was issued; the token is invalid once the password
 * changes.
 */
export const PASSWORD_CLAIM = 'password_generation';

export interface XTokenSubject {
  readonly clientExtId: string;
  readonly userExtId: string;
  /** Absent in a token that was not obtained with a password. */
  readonly passwordGeneration?: string;
}

/** `seconds` is the lifetime of the token. */
export async function signXToken(key: KeyObject, subject: XTokenSubject, now: Date, seconds: number): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const { passwordGeneration } = subject;
  return await new SignJWT({
    client_ext_id: subject.clientExtId,
    ...(passwordGeneration === undefined ? {} : { [PASSWORD_CLAIM]: passwordGeneration }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject.userExtId)
    .setAudience(X_TOKEN_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .setJti(randomUUID())
    .sign(key);
}
