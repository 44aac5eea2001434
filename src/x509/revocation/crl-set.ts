import type { Crl } from './crl.js';

/** CRLs by the comparable name of their issuer. */
export interface CrlSet {
  readonly complete: ReadonlyMap<string, readonly Crl[]>;
  readonly delta: ReadonlyMap<string, readonly Crl[]>;
}

export function crlSet(crls: readonly Crl[]): CrlSet {
  return {
    complete: Map.groupBy(
      crls.filter(({ isDelta }) => !isDelta),
      ({ issuerKey }) => issuerKey,
    ),
    delta: Map.groupBy(
      crls.filter(({ isDelta }) => isDelta),
      ({ issuerKey }) => issuerKey,
    ),
  };
}
