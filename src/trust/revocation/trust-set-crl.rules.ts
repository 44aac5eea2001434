import type { ErrorDetail } from '../../common/errors.js';
import type { TrustSetCrlRow } from './trust-set-crl.table.js';

/** 11.5. */
export const MAX_CRLS = 20;

/** Why a CRL does not count now, as far as the CRL and the names in the set show. */
export const CRL_UNUSED_REASONS = ['unusable', 'notYetValid', 'noNextUpdate', 'expired', 'issuerNotFound'] as const;
type CrlUnusedReason = (typeof CRL_UNUSED_REASONS)[number];

/** Whether its signature is right is not asked: every check proves it, with the path that it needs. */
export function unusedReason(
  { unusable, thisUpdate, nextUpdate }: Pick<TrustSetCrlRow, 'unusable' | 'thisUpdate' | 'nextUpdate'>,
  { hasIssuer, now }: { readonly hasIssuer: boolean; readonly now: Date },
): CrlUnusedReason | undefined {
  if (unusable !== null) return 'unusable';
  if (now < thisUpdate) return 'notYetValid';
  if (nextUpdate === null) return 'noNextUpdate';
  if (now >= nextUpdate) return 'expired';
  return hasIssuer ? undefined : 'issuerNotFound';
}

interface StoredCrl {
  readonly sha256: Buffer | null;
  /** CRLs of the set. */
  readonly stored: number;
}

type CrlDecision =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail] }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed' };

/** `current.sha256`: of the CRL with this name; null if there is none. An older CRL may replace a newer one. */
export function decideCrlPut(current: StoredCrl, sha256: Buffer): CrlDecision {
  if (current.sha256?.equals(sha256) === true) return { kind: 'unchanged' };
  if (current.sha256 !== null || current.stored < MAX_CRLS) return { kind: 'changed' };
  const message = `The set has ${MAX_CRLS} CRLs already; delete one of them.`;
  return { kind: 'refused', errors: [{ code: 'errors.invalidData', message, field: 'name' }] };
}

export interface Issue {
  readonly number: string | null;
  readonly thisUpdate: Date;
}

/** Whether the CRL before was newer, by its number where both have one. */
export function isNewerThan(before: Issue, next: Issue): boolean {
  if (before.number !== null && next.number !== null) return BigInt(before.number) > BigInt(next.number);
  return before.thisUpdate > next.thisUpdate;
}
