import type { WantedEvidence } from '../../trust/revocation/wanted-evidence.model.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import { readCertificate } from '../../x509/certificate/read-certificate.js';
import type { NamedSources } from './evaluation-message.js';

interface NamingCertificate {
  /** Of the leaf. */
  readonly der: Uint8Array | undefined;
  readonly named: readonly NamedSources[];
}

/** What the thread has named by digests. `ofSets`: the certificates of the sets, among which all but the leaves are. */
export function wantedEvidenceOf(
  leaves: readonly NamingCertificate[],
  ofSets: readonly DerCertificate[],
): readonly WantedEvidence[] {
  const known = new Map(ofSets.map((each) => [each.sha256.toString('hex'), each]));
  return leaves.flatMap(({ der, named }) => {
    const leaf = der === undefined || named.length === 0 ? undefined : readCertificate(Buffer.from(der));
    if (leaf?.ok === true) known.set(leaf.certificate.sha256.toString('hex'), leaf.certificate);
    return named.flatMap(({ certificate: asked, issuer: by, sources }) => {
      const [certificate, issuer] = [known.get(asked), known.get(by)];
      if (certificate === undefined || issuer === undefined) return [];
      return sources.map((source) => ({ source, certificate, issuer }));
    });
  });
}
