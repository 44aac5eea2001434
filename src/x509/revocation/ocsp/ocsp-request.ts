import { hash } from 'node:crypto';

import type { DerCertificate } from '../../certificate/der-certificate.js';
import { encode } from '../../der/encode.js';
import { Tag } from '../../der/tag.js';
import type { OcspCertId } from './ocsp-response.js';

/** RFC 6960 section 4.1.1: the digests that name an issuer, by dotted OID. No security depends on their strength. */
const CERT_ID_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

const SHA1 = '1.3.14.3.2.26';

/** The AlgorithmIdentifier of SHA-1, with the NULL that responders expect. */
const SHA1_IDENTIFIER = Buffer.from('300906052b0e03021a0500', 'hex');

/** With SHA-1, which every responder knows (RFC 5019 section 2.1.1). */
export function certIdOf(certificate: DerCertificate, issuer: DerCertificate): OcspCertId {
  return { hashAlgorithm: SHA1, ...identify('sha1', certificate, issuer) };
}

/** Whether it names this certificate of this issuer; the serial number alone names nothing. */
export function isCertIdOf(certId: OcspCertId, certificate: DerCertificate, issuer: DerCertificate): boolean {
  if (!certId.serialNumber.equals(certificate.structure.serialNumber)) return false;
  const digest = CERT_ID_DIGESTS.get(certId.hashAlgorithm);
  if (digest === undefined) return false;
  const { issuerNameHash, issuerKeyHash } = identify(digest, certificate, issuer);
  return certId.issuerNameHash.equals(issuerNameHash) && certId.issuerKeyHash.equals(issuerKeyHash);
}

/** The name as the certificate has it, and the key as its issuer has it. */
function identify(digest: string, { structure }: DerCertificate, issuer: DerCertificate) {
  return {
    issuerNameHash: hash(digest, structure.issuer.bytes, 'buffer'),
    issuerKeyHash: hash(digest, issuer.structure.subjectPublicKey, 'buffer'),
    serialNumber: structure.serialNumber,
  };
}

/**
 * The DER of an OCSPRequest for one certificate (RFC 6960 section 4.1.1). Without a nonce, so that responders may answer
 * with what they have signed before, and not signed.
 *
 * @param certId - of `certIdOf`
 */
export function ocspRequest({ issuerNameHash, issuerKeyHash, serialNumber }: OcspCertId): Buffer {
  const certId = encode(
    Tag.sequence,
    SHA1_IDENTIFIER,
    encode(Tag.octetString, issuerNameHash),
    encode(Tag.octetString, issuerKeyHash),
    encode(Tag.integer, serialNumber),
  );
  const requestList = encode(Tag.sequence, encode(Tag.sequence, certId));
  const tbsRequest = encode(Tag.sequence, requestList);
  return encode(Tag.sequence, tbsRequest);
}
