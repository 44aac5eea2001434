import { hash } from 'node:crypto';

import type { AlgorithmIdentifier } from '../../x509/certificate/algorithm-identifier.js';
import { encode } from '../../x509/der/encode.js';
import { contextConstructed, Tag } from '../../x509/der/tag.js';
import type { SignedData } from '../../x509/path/signed-data.js';
import { Crl } from '../../x509/revocation/crl.js';
import type { OcspResponse } from '../../x509/revocation/ocsp/ocsp-response.js';
import type { EvidenceKey } from './evaluation-message.js';

export type Evidence = Crl | OcspResponse;

/** Less than this is around the signed part, the signature and the certificates. */
const FRAME_OCTETS = 256;

/** id-pkix-ocsp-basic (RFC 6960 section 4.2.1). */
const BASIC_RESPONSE = Buffer.from('2b0601050507300101', 'hex');
const SUCCESSFUL = Buffer.of(0);

/**
 * What was read as octets again, for a thread that has memory of its own. DER has one form for each value, so these are
 * the octets that were read, and have their digest.
 */
export class EvidenceOctets {
  readonly #keys = new WeakMap<Evidence, EvidenceKey>();

  /** Computed once for each object. */
  keyOf(evidence: Evidence): EvidenceKey {
    const known = this.#keys.get(evidence);
    if (known !== undefined) return known;
    const kind = evidence instanceof Crl ? 'crl' : 'ocsp';
    const key = { kind, sha256: hash('sha256', this.derOf(evidence), 'hex') } as const;
    this.#keys.set(evidence, key);
    return key;
  }

  /** About as many as `derOf` has, without making them. */
  lengthOf(evidence: Evidence): number {
    const { signedPart, signatureValue } = evidence instanceof Crl ? evidence.structure : evidence;
    const certificates = evidence instanceof Crl ? [] : evidence.certificates;
    const octets = certificates.reduce((sum, { der }) => sum + der.length, 0);
    return signedPart.length + signatureValue.octets.length + octets + FRAME_OCTETS;
  }

  derOf(evidence: Evidence): Buffer {
    // Its outer algorithm is not signed, and may be another one than the inner, which makes the CRL unusable.
    if (evidence instanceof Crl) return signed(evidence.structure, evidence.structure.signatureAlgorithm);
    const { certificates } = evidence;
    const list = encode(Tag.sequence, ...certificates.map(({ der }) => der));
    const basic = signed(
      evidence,
      evidence.signature,
      certificates.length === 0 ? Buffer.alloc(0) : encode(contextConstructed(0), list),
    );
    const bytes = encode(Tag.sequence, encode(Tag.objectIdentifier, BASIC_RESPONSE), encode(Tag.octetString, basic));
    return encode(Tag.sequence, encode(Tag.enumerated, SUCCESSFUL), encode(contextConstructed(0), bytes));
  }
}

function signed(
  { signedPart, signatureValue }: SignedData,
  algorithm: AlgorithmIdentifier,
  ...rest: readonly Buffer[]
): Buffer {
  return encode(
    Tag.sequence,
    signedPart,
    algorithm.der,
    encode(Tag.bitString, Buffer.of(signatureValue.unusedBits), signatureValue.octets),
    ...rest,
  );
}
