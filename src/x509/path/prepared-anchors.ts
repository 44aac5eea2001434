import type { DerCertificate } from '../certificate/der-certificate.js';
import { PreparedCertificate } from './prepared-certificate.js';

/** A trust-anchor set, ready to be searched by any number of leaves. */
export interface PreparedAnchors {
  /** By the comparable name of the subject; anchors first. */
  readonly issuers: ReadonlyMap<string, readonly PreparedCertificate[]>;
}

/**
 * Does once what many leaves share: names are indexed; keys are imported and signatures checked on first use, and then
 * remembered. A certificate that occurs twice counts once, as an anchor if it is one.
 */
export function prepareAnchors(
  anchors: readonly DerCertificate[],
  intermediates: readonly DerCertificate[],
): PreparedAnchors {
  const known = new Set<string>();
  const issuers = new Map<string, PreparedCertificate[]>();
  const add = (certificate: DerCertificate, isAnchor: boolean): void => {
    const fingerprint = certificate.sha256.toString('latin1');
    if (known.has(fingerprint)) return;
    known.add(fingerprint);
    const prepared = new PreparedCertificate(certificate, isAnchor);
    // A certification authority has a name (RFC 5280 section 4.1.2.6); without one, nothing can point to it.
    if (prepared.subjectKey === undefined) return;
    const others = issuers.get(prepared.subjectKey);
    if (others === undefined) issuers.set(prepared.subjectKey, [prepared]);
    else others.push(prepared);
  };
  for (const anchor of anchors) add(anchor, true);
  for (const intermediate of intermediates) add(intermediate, false);
  return { issuers };
}
