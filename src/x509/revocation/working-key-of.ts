import type { DerCertificate } from '../certificate/der-certificate.js';
import { nameKey } from '../name/compare-names.js';
import type { PreparedAnchors } from '../path/prepared-anchors.js';
import type { PreparedCertificate } from '../path/prepared-certificate.js';
import type { WorkingKey } from '../path/working-key.js';

/** The key of the first certificate of a proven path (RFC 5280 section 6.1.4 (d) to (f)). All of them are in the set. */
export function workingKeyOf(path: readonly DerCertificate[], set: PreparedAnchors): WorkingKey | undefined {
  return path.reduceRight<WorkingKey | undefined>(
    (above, certificate) => preparedIn(set, certificate)?.workingKey(above?.dsaParameters),
    undefined,
  );
}

function preparedIn(set: PreparedAnchors, { subject, der }: DerCertificate): PreparedCertificate | undefined {
  const named = subject === undefined ? undefined : set.issuers.get(nameKey(subject));
  return named?.find(({ certificate }) => certificate.der.equals(der));
}
