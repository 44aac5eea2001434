import type { DerCertificate } from '../certificate/der-certificate.js';
import { basicConstraints } from '../certificate/extensions/basic-constraints.js';
import type { DistributionPoint } from '../certificate/extensions/distribution-points.js';
import { authorityKeyIdentifier } from '../certificate/extensions/key-identifiers.js';
import { nameKey } from '../name/compare-names.js';
import { issuingDistributionPoint } from './crl-extensions.js';
import type { Crl } from './crl.js';
import { crlIssuers, namesMatch } from './distribution-names.js';
import type { UnknownCause } from './unknown-cause.js';

/** RFC 5280 section 6.3.3 (b): whether the complete CRL is about this certificate. */
export function findOutOfScope(
  crl: Crl,
  point: DistributionPoint,
  certificate: DerCertificate,
): UnknownCause | undefined {
  const { issuingDistributionPoint: issued } = crl;
  const isIssuer = crlIssuers(point, certificate).some((name) => nameKey(name) === crl.issuerKey);
  if (!isIssuer || (point.cRLIssuer !== undefined && issued?.indirectCRL !== true)) {
    return outOfScope('(b)(1)', 'The CRL is of an issuer that is not responsible for the certificate.');
  }
  if (issued === undefined) return undefined;
  if (!namesMatch(crl, point, certificate)) {
    return outOfScope('(b)(2)(i)', 'The CRL is of a distribution point that the certificate does not name.');
  }
  const isCa = certificate.extension(basicConstraints)?.cA ?? false;
  if (issued.onlyContainsUserCerts && isCa) return outOfScope('(b)(2)(ii)', 'The CRL contains no certificates of CAs.');
  if (issued.onlyContainsCACerts && !isCa)
    return outOfScope('(b)(2)(iii)', 'The CRL contains only certificates of CAs.');
  return issued.onlyContainsAttributeCerts
    ? outOfScope('(b)(2)(iv)', 'The CRL contains only attribute certificates.')
    : undefined;
}

function outOfScope(step: string, detail: string): UnknownCause {
  return { code: 'crlScope', section: `RFC 5280 section 6.3.3 ${step}`, detail };
}

/** RFC 5280 sections 6.3.3 (c) and 5.2.4: whether the two CRLs together are the current complete one. */
export function isDeltaOf(delta: Crl, complete: Crl): boolean {
  return (
    delta.issuerKey === complete.issuerKey &&
    delta.hasSameValue(issuingDistributionPoint, complete) &&
    delta.hasSameValue(authorityKeyIdentifier, complete) &&
    complete.number !== undefined &&
    delta.number !== undefined &&
    delta.baseNumber !== undefined &&
    complete.number >= delta.baseNumber &&
    complete.number < delta.number
  );
}

/** A set of reasons; bit 0 is not used. */
export type ReasonsMask = number;

/** RFC 5280 section 6.3.2: all-reasons. */
export const ALL_REASONS: ReasonsMask = 0b1_1111_1110;

/** RFC 5280 section 6.3.3 (d): the interim_reasons_mask. */
export function reasonsOf({ issuingDistributionPoint: issued }: Crl, { reasons }: DistributionPoint): ReasonsMask {
  return maskOf(issued?.onlySomeReasons) & maskOf(reasons);
}

function maskOf(reasons: ReadonlySet<number> | undefined): ReasonsMask {
  if (reasons === undefined) return ALL_REASONS;
  return [...reasons].filter((bit) => bit < 9).reduce((mask, bit) => mask | (1 << bit), 0) & ALL_REASONS;
}
