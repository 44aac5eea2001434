import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import type { RevocationStatus } from '../../x509/revocation/revocation-status.js';
import { sourcesOf } from '../../x509/revocation/sources-of.js';
import type { NamedSources } from './evaluation-message.js';

/** Of one certificate of a path; empty if it names none. */
export function namedSources(
  certificate: DerCertificate,
  status: RevocationStatus,
  issuer: DerCertificate | undefined,
): readonly NamedSources[] {
  const sources = sourcesOf(certificate);
  if (issuer === undefined || sources.length === 0) return [];
  const isOpen = status.status === 'unknown' && status.code !== 'budget';
  return [{ certificate: certificate.sha256.toString('hex'), issuer: issuer.sha256.toString('hex'), sources, isOpen }];
}
