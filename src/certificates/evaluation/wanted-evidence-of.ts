import type { WantedEvidence } from '../../trust/revocation/wanted-evidence.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import type { OpenStatus } from './evaluation-message.js';

interface OpenCertificate {
  /** Of the leaf. */
  readonly der: Uint8Array;
  readonly open: readonly OpenStatus[];
}

/** What the thread has named by digests. `ofSets`: the certificates of the sets, among which all others are. */
export function wantedEvidenceOf(
  leaves: readonly OpenCertificate[],
  ofSets: readonly DerCertificate[],
): readonly WantedEvidence[] {
  const asked = leaves.filter(({ open }) => open.length > 0);
  if (asked.length === 0) return [];
  const known = new Map(ofSets.map((each) => [each.sha256.toString('hex'), each]));
  return asked.flatMap(({ der, open }) => {
    const leaf = readCertificate(Buffer.from(der));
    if (leaf.ok) known.set(leaf.certificate.sha256.toString('hex'), leaf.certificate);
    return open.flatMap(({ certificate: of, issuer: by, sources }) => {
      const [certificate, issuer] = [known.get(of), known.get(by)];
      if (certificate === undefined || issuer === undefined) return [];
      return sources.map((source) => ({ source, certificate, issuer }));
    });
  });
}
