import { hash, type KeyObject } from 'node:crypto';

import { jwtVerify } from 'jose';

import type { Claims } from './actor.rules.js';

/** Contract 4.1: seconds by which clocks may differ. */
export const LEEWAY_SECONDS = 60;

const TOKEN_LIMIT = 8 * 1024;

/** Tokens remembered at the most; the oldest goes first. */
const REMEMBERED = 10_000;

export interface TokenRequirements {
  readonly key: KeyObject;
  readonly algorithms: readonly string[];
  readonly issuer?: string;
  readonly audience: string;
  readonly requiredClaims: readonly string[];
}

interface Remembered {
  readonly claims: Claims;
  readonly notBefore: number;
  readonly expires: number;
}

/**
 * Verifies signed tokens. A token that has passed is remembered by its SHA-256 until it expires, so that a console that
 * sends the same one a hundred times a second costs one signature check; its times are looked at on every use.
 */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();

  constructor(private readonly requirements: TokenRequirements) {}

  /** Throws whatever made the token unacceptable; for the log, never for the caller. */
  async verify(token: string, now: Date): Promise<Claims> {
    if (token.length > TOKEN_LIMIT) throw new Error('token too long');
    const digest = hash('sha256', token, 'base64');
    const known = this.remembered.get(digest);
    const seconds = now.getTime() / 1000;
    if (known !== undefined && seconds >= known.notBefore && seconds < known.expires) return known.claims;
    this.remembered.delete(digest);
    const claims = await this.verifySignature(token, now);
    this.remember(digest, claims);
    return claims;
  }

  private async verifySignature(token: string, now: Date): Promise<Claims> {
    const { key, algorithms, issuer, audience, requiredClaims } = this.requirements;
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      algorithms: [...algorithms],
      audience,
      ...(issuer === undefined ? {} : { issuer }),
      clockTolerance: LEEWAY_SECONDS,
      currentDate: now,
      requiredClaims: ['exp', ...requiredClaims],
    });
    // RFC 7515 section 4.1.11 lets a recipient understand extensions; contract 4.1 has none.
    if (protectedHeader.crit !== undefined) throw new Error('token with crit');
    return payload;
  }

  private remember(digest: string, claims: Claims): void {
    if (this.remembered.size >= REMEMBERED) {
      const [oldest] = this.remembered.keys();
      if (oldest !== undefined) this.remembered.delete(oldest);
    }
    this.remembered.set(digest, {
      claims,
      notBefore: Number(claims['nbf'] ?? 0) - LEEWAY_SECONDS,
      expires: Number(claims['exp']) + LEEWAY_SECONDS,
    });
  }
}
