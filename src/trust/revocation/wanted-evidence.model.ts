import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import type { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';

/** A source of a certificate whose path is proven (contract 13.3). */
export interface WantedEvidence {
  readonly source: RevocationSource;
  readonly certificate: DerCertificate;
  /** The next certificate of its path. */
  readonly issuer: DerCertificate;
}

/** Why a source has given nothing that can be read. */
export interface FailedSource {
  readonly source: RevocationSource;
  /** One sentence, without text from the answer. */
  readonly detail: string;
}

/** What is known about the status of certificates, read but not yet proven. */
export interface RevocationEvidence {
  readonly crls: readonly Crl[];
  readonly ocsp: readonly OcspResponse[];
  readonly failed: readonly FailedSource[];
}
