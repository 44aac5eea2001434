import { SignJWT } from 'jose';

import type { TokenSettings } from '../config/settings.js';

export interface BearerSubject {
  readonly userExtId: string;
  readonly clientExtId: string;
  readonly roles?: readonly string[];
  /** With the prefix `AccessControl.`, as in a token. */
  readonly permissions?: readonly string[];
  /** If omitted: the caller's own client. */
  readonly dataRoom?: readonly string[] | undefined;
}

/**
 * Signs a bearer token with the secret of the embedded mode, for trials; in production the identity provider signs
 * them. Undefined if the server only has public keys. `seconds` is the lifetime of the token.
 */
export async function signBearerToken(
  { keys, issuer, audience, claims }: TokenSettings,
  subject: BearerSubject,
  now: Date,
  seconds: number,
): Promise<string | undefined> {
  if (!('key' in keys) || keys.key.type !== 'secret') return undefined;
  const { userExtId, clientExtId, roles = [], permissions = [], dataRoom } = subject;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return await new SignJWT({
    [claims.client]: clientExtId,
    ...(roles.length > 0 ? { [claims.roles]: roles } : {}),
    ...(permissions.length > 0 ? { [claims.permissions]: permissions } : {}),
    ...(dataRoom === undefined ? {} : { [claims.dataRoom]: { clients: dataRoom } }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(userExtId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .sign(keys.key);
}
