import { createPublicKey, type KeyObject } from 'node:crypto';

import type { CertificateStructure } from '../certificate/certificate-structure.js';
import type { DerCertificate } from '../certificate/der-certificate.js';
import { readSequence } from '../der/der-reader.js';
import { encode } from '../der/encode.js';
import { Tag } from '../der/tag.js';

/** The public key of an issuer, its algorithm and its parameters (RFC 5280 section 6.1.2 (g) to (i)). */
export interface WorkingKey {
  /** Equal for equal keys with equal parameters. */
  readonly id: string;
  /** As `PublicKeyInfo.type`. */
  readonly type: string;
  readonly object: KeyObject;
  /** The DER that a DSA key below this one inherits if it has none of its own. */
  readonly dsaParameters: Buffer | undefined;
}

/** A DSA key may leave its parameters to the certificate of its issuer (RFC 3279 section 2.3.2). */
export function inheritsParameters(certificate: DerCertificate): boolean {
  return certificate.publicKey.type === 'DSA' && ownParameters(certificate) === undefined;
}

/**
 * RFC 5280 section 6.1.4 (d) to (f). Only for a key that the algorithm rules allow, so that none with malicious
 * parameters is imported. Undefined if it cannot be imported.
 */
export function importWorkingKey(certificate: DerCertificate, inherited: Buffer | undefined): WorkingKey | undefined {
  const { structure, publicKey } = certificate;
  const dsaParameters = ownParameters(certificate) ?? inherited;
  const der =
    inheritsParameters(certificate) && dsaParameters !== undefined
      ? withParameters(structure, dsaParameters)
      : structure.subjectPublicKeyInfo;
  const object = importKey(der);
  if (object === undefined || !isSoundExponent(object.asymmetricKeyDetails?.publicExponent)) return undefined;
  return { id: der.toString('latin1'), type: publicKey.type, object, dsaParameters };
}

function importKey(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

const MAX_EXPONENT = 2n ** 64n;

/** RSA only. With the exponent 1 everybody can sign; a huge one makes every check as slow as signing. */
function isSoundExponent(exponent: bigint | undefined): boolean {
  return exponent === undefined || (exponent >= 3n && exponent < MAX_EXPONENT && exponent % 2n === 1n);
}

function ownParameters({ structure, publicKey }: DerCertificate): Buffer | undefined {
  const { parameters } = structure.publicKeyAlgorithm;
  return publicKey.type === 'DSA' && parameters?.tag === Tag.sequence ? parameters.bytes : undefined;
}

/** The subjectPublicKeyInfo with the parameters that it lacks. */
function withParameters({ publicKeyAlgorithm, subjectPublicKey }: CertificateStructure, parameters: Buffer): Buffer {
  const identifier = readSequence(publicKeyAlgorithm.der, 'the algorithm').next().bytes;
  const noUnusedBits = Buffer.of(0);
  return encode(
    Tag.sequence,
    encode(Tag.sequence, identifier, parameters),
    encode(Tag.bitString, noUnusedBits, subjectPublicKey),
  );
}
