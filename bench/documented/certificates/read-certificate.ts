import { SubjectKeyIdentifierExtension, X509Certificate } from '@peculiar/x509';

import type { Credential } from '../entities/credential.entity.js';

/** Reads a certificate as the documentation of @peculiar/x509 shows. */
export async function readCertificate(pem: string): Promise<Partial<Credential>> {
  const certificate = new X509Certificate(pem);
  const keyIdentifier = certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return {
    der: Buffer.from(certificate.rawData),
    sha256: Buffer.from(await certificate.getThumbprint('SHA-256')),
    sha1: Buffer.from(await certificate.getThumbprint('SHA-1')),
    subjectDn: certificate.subject,
    issuerDn: certificate.issuer,
    serial: certificate.serialNumber,
    ski: keyIdentifier === undefined ? null : Buffer.from(keyIdentifier, 'hex'),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    validFrom: certificate.notBefore,
    validTo: certificate.notAfter,
  };
}
