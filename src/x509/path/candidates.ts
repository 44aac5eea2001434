import { authorityKeyIdentifier } from '../certificate/extensions/key-identifiers.js';
import type { PreparedCertificate } from './prepared-certificate.js';

/**
 * The order in which issuers are tried (12.2). The key identifier is a hint and never a condition (RFC 5280 section
 * 4.2.1.1): it only decides who is tried first.
 */
export function orderCandidates(
  subject: PreparedCertificate,
  candidates: readonly PreparedCertificate[],
  time: Date,
): readonly PreparedCertificate[] {
  if (candidates.length < 2) return candidates;
  const keyIdentifier = subject.certificate.extension(authorityKeyIdentifier)?.keyIdentifier;
  return candidates
    .map((candidate) => ({ candidate, ...preference(candidate, keyIdentifier, time) }))
    .toSorted(
      (one, other) =>
        one.keyIdentifier - other.keyIdentifier ||
        one.validity - other.validity ||
        one.anchor - other.anchor ||
        other.candidate.certificate.notAfter.getTime() - one.candidate.certificate.notAfter.getTime(),
    )
    .map(({ candidate }) => candidate);
}

/** Smaller is better. */
function preference({ certificate, isAnchor }: PreparedCertificate, keyIdentifier: Buffer | undefined, time: Date) {
  const { subjectKeyIdentifier, notBefore, notAfter } = certificate;
  const isUnknown = keyIdentifier === undefined || subjectKeyIdentifier === undefined;
  return {
    keyIdentifier: isUnknown ? 1 : keyIdentifier.equals(subjectKeyIdentifier) ? 0 : 2,
    validity: notBefore <= time && time <= notAfter ? 0 : 1,
    anchor: isAnchor ? 0 : 1,
  };
}
