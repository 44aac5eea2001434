import { hash } from 'node:crypto';

import { certIdOf } from '../../x509/revocation/ocsp/ocsp-request.js';
import { ocspRequest } from '../../x509/revocation/ocsp/ocsp-request.js';
import type { RevocationSource } from '../../x509/revocation/revocation-source.js';
import type { WantedEvidence } from './wanted-evidence.model.js';

/** The key of an answer within a client. */
export interface SourceKey {
  readonly issuerKeySha256: Buffer;
  readonly sourceSha256: Buffer;
}

/** What is asked of a source. */
export interface EvidenceSource extends SourceKey {
  readonly source: RevocationSource;
  /** The DER of the OCSP request; null for a CRL. */
  readonly request: Buffer | null;
}

/** Two that ask the same of the same issuer have the same key: all certificates of a CRL, or one certificate for OCSP. */
export function evidenceSource({ source, certificate, issuer }: WantedEvidence): EvidenceSource {
  const request = source.kind === 'ocsp' ? ocspRequest(certIdOf(certificate, issuer)) : null;
  // A URL contains no octet 0.
  const asked = Buffer.concat([Buffer.from(`${source.kind}\0${source.url}\0`), request ?? Buffer.alloc(0)]);
  return {
    source,
    request,
    issuerKeySha256: issuer.publicKeySha256,
    sourceSha256: hash('sha256', asked, 'buffer'),
  };
}

/** Every source once. */
export function distinctSources(wanted: readonly WantedEvidence[]): readonly EvidenceSource[] {
  return [...new Map(wanted.map(evidenceSource).map((source) => [sourceName(source), source])).values()];
}

export function sourceName({ issuerKeySha256, sourceSha256 }: SourceKey): string {
  return `${issuerKeySha256.toString('base64')} ${sourceSha256.toString('base64')}`;
}
