import { hash } from 'node:crypto';

import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';

import type { VerificationKey } from '../config/signing-keys.js';
import type { Claims } from './claims.rules.js';
import type { KeySource } from './key-source.js';

/** Contract 4.1: allowed clock difference in seconds. */
const LEEWAY_SECONDS = 60;

const TOKEN_LIMIT = 8 * 1024;

/** RFC 7515 section 2: base64url without padding, and RFC 4648 section 3.5: unused bits are zero. */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** Maximum number of remembered tokens; the oldest is dropped first. */
const REMEMBERED = 10_000;

export interface TokenRequirements {
  readonly keys: KeySource;
  readonly issuer?: string;
  readonly audience: string;
  readonly requiredClaims: readonly string[];
}

export interface VerifiedToken {
  readonly claims: Claims;
  readonly key: VerificationKey;
}

interface Remembered extends VerifiedToken {
  readonly notBefore: number;
  readonly expires: number;
}

/**
 * Verifies signed tokens. A verified token is remembered by its SHA-256 until it expires, so that a console that sends
 * the same token a hundred times a second costs one signature check. The times, and whether its key is still valid, are
 * checked on every use.
 */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly requirements: TokenRequirements) {}

  /** Throws the reason why the token is not valid; for the log, never for the caller. */
  async verify(token: string, now: Date): Promise<VerifiedToken> {
    if (token.length > TOKEN_LIMIT) throw new Error('token too long');
    const digest = hash('sha256', token, 'base64');
    const known = this.remembered.get(digest);
    const seconds = now.getTime() / 1000;
    if (known !== undefined) {
      const inTime = seconds >= known.notBefore && seconds < known.expires;
      if (inTime && (await this.requirements.keys.holds(known.key, now))) return known;
      this.remembered.delete(digest);
    }
    if (!isCanonical(token)) throw new Error('token that is not canonical base64url');
    const verified = await this.verifySignature(token, now);
    this.remember(digest, verified);
    return verified;
  }

  /** Tries each candidate key in turn until one verifies the signature. */
  private async verifySignature(token: string, now: Date): Promise<VerifiedToken> {
    let candidates: AsyncIterator<VerificationKey, undefined> | undefined;
    let key: VerificationKey | undefined;
    const keyOf: JWTVerifyGetKey = async (header) => {
      candidates ??= this.requirements.keys.candidatesFor(header, now);
      const next = (await candidates.next()).value;
      if (next === undefined) {
        throw new Error(
          key === undefined ? 'token with a key that is not in the set' : 'token not signed by any of the keys',
        );
      }
      key = next;
      return key.key;
    };
    for (;;) {
      try {
        const claims = await this.verifyClaims(token, keyOf, now);
        if (key === undefined) throw new Error('token verified without a key');
        return { claims, key };
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
  }

  private async verifyClaims(token: string, keyOf: JWTVerifyGetKey, now: Date): Promise<Claims> {
    const { issuer, audience, requiredClaims } = this.requirements;
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      audience,
      ...(issuer === undefined ? {} : { issuer }),
      clockTolerance: LEEWAY_SECONDS,
      currentDate: now,
      requiredClaims: ['exp', ...requiredClaims],
    });
    // RFC 7515 section 4.1.11 allows critical extensions; contract 4.1 defines none.
    if (protectedHeader.crit !== undefined) throw new Error('token with crit');
    return payload;
  }

  private remember(digest: string, { claims, key }: VerifiedToken): void {
    if (this.remembered.size >= REMEMBERED) {
      const [oldest] = this.remembered.keys();
      if (oldest !== undefined) this.remembered.delete(oldest);
    }
    this.remembered.set(digest, {
      claims,
      key,
      notBefore: Number(claims['nbf'] ?? 0) - LEEWAY_SECONDS,
      expires: Number(claims['exp']) + LEEWAY_SECONDS,
    });
  }
}
