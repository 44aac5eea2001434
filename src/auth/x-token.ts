import { type KeyObject, randomUUID } from 'node:crypto';

import { SignJWT } from 'jose';

/** What keeps an X-Token and a bearer token apart, besides their keys (contract 4.7). */
export const X_TOKEN_AUDIENCE = 'certkeep:x-token';

/** The claim that says which password bought the token: it dies with that one. */
export const PASSWORD_CLAIM = 'password_generation';

export interface XTokenSubject {
  readonly clientExtId: string;
  readonly userExtId: string;
  /** Absent in a token that no password has bought. */
  readonly passwordGeneration?: string;
}

/** `seconds` is the time that the token lives. */
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
