import type { OcspCertId, OcspResponse, SingleResponse } from './ocsp-response.js';

/** 13.2: also how long an answer counts that does not say when the next one is there. */
export const FIVE_MINUTES = 5 * 60_000;

interface Validity {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/**
 * From when until when the answer about a certificate counts, without leeway. Of several answers, the one that ends
 * first. Undefined if there is none. An answer whose digests are others may be about it; the check of the status decides.
 */
export function ocspValidity({ responses }: OcspResponse, certId: OcspCertId): Validity | undefined {
  return responses
    .filter((single) => mayBeSame(single.certId, certId))
    .map(validityOf)
    .toSorted((one, other) => one.nextUpdate.getTime() - other.nextUpdate.getTime())[0];
}

export function validityOf({ thisUpdate, nextUpdate }: SingleResponse): Validity {
  return { thisUpdate, nextUpdate: nextUpdate ?? new Date(thisUpdate.getTime() + FIVE_MINUTES) };
}

function mayBeSame(one: OcspCertId, other: OcspCertId): boolean {
  if (!one.serialNumber.equals(other.serialNumber)) return false;
  if (one.hashAlgorithm !== other.hashAlgorithm) return true;
  return one.issuerNameHash.equals(other.issuerNameHash) && one.issuerKeyHash.equals(other.issuerKeyHash);
}
