import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import type { RevocationStatus } from '../../x509/revocation/revocation-status.js';
import { sourcesOf } from '../../x509/revocation/sources-of.js';
import type { OpenStatus } from './evaluation-message.js';

/** Where more can be learnt about a certificate of a path; empty if its status is known, or nobody can be asked. */
export function openStatus(
  certificate: DerCertificate,
  status: RevocationStatus,
  issuer: DerCertificate | undefined,
): readonly OpenStatus[] {
  if (status.status !== 'unknown' || status.code === 'budget' || issuer === undefined) return [];
  const sources = sourcesOf(certificate);
  if (sources.length === 0) return [];
  return [{ certificate: certificate.sha256.toString('hex'), issuer: issuer.sha256.toString('hex'), sources }];
}
