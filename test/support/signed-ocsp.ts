import { createHash, sign } from 'node:crypto';

import { Tag } from '../../src/x509/der/tag.js';
import type { OcspResponse } from '../../src/x509/revocation/ocsp/ocsp-response.js';
import { readOcspResponse } from '../../src/x509/revocation/ocsp/read-ocsp-response.js';
import { extension, hex, objectIdentifier, sequence, tlv } from './der.js';
import { endEntity, extensions, type Issued, type Keys, OCSP_SIGNING } from './signed-certificate.js';

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** By the dotted OID of the digest. */
const DIGESTS = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** The answer about one certificate. Every part can be replaced, also by one that no responder would write. */
export interface OcspAnswer {
  readonly status?: Buffer;
  readonly thisUpdate?: string;
  /** Undefined: without. */
  readonly nextUpdate?: string | undefined;
  readonly certId?: Buffer;
  /** The dotted OID in the CertID. */
  readonly digest?: string;
  readonly extensions?: readonly Buffer[];
}

export interface SignedOcsp {
  /** The DER of the algorithm and its digest, if it is not ECDSA with SHA-256. */
  readonly algorithm?: readonly [identifier: Buffer, digest: string];
  readonly signedBy?: Keys;
  readonly corruptSignature?: boolean;
  /** The DER of the choice; absent: the subject of the signer. */
  readonly responderId?: Buffer;
  readonly version?: Buffer;
  readonly producedAt?: string;
  readonly answers?: readonly Buffer[];
  readonly certificates?: readonly Buffer[];
  readonly extensions?: readonly Buffer[];
}

const time = (text: string): Buffer => tlv(Tag.generalizedTime, Buffer.from(text));

export const ocspStatus = {
  good: tlv(0x80),
  unknown: tlv(0x82),
  revoked: (code?: number, date = '20260401000000Z'): Buffer =>
    tlv(0xa1, time(date), ...(code === undefined ? [] : [tlv(0xa0, tlv(Tag.enumerated, Buffer.of(code)))])),
} as const;

/** SHA-1 of the public key, without the algorithm. */
export function keyHash({ certificate }: Issued, digest = 'sha1'): Buffer {
  return createHash(digest).update(certificate.structure.subjectPublicKey).digest();
}

export function certIdDer({ certificate }: Issued, issuer: Issued, oid = '1.3.14.3.2.26'): Buffer {
  const digest = DIGESTS.get(oid) ?? 'sha224';
  const name = createHash(digest).update(issuer.subject).digest();
  return sequence(
    sequence(objectIdentifier(oid), hex('0500')),
    tlv(Tag.octetString, name),
    tlv(Tag.octetString, keyHash(issuer, digest)),
    tlv(Tag.integer, certificate.structure.serialNumber),
  );
}

/** A SingleResponse in DER; `good` unless a status is named. */
export function answerAbout(subject: Issued, issuer: Issued, answer: OcspAnswer = {}): Buffer {
  const { nextUpdate } = { nextUpdate: '20260701000000Z', ...answer };
  return sequence(
    answer.certId ?? certIdDer(subject, issuer, answer.digest),
    answer.status ?? ocspStatus.good,
    time(answer.thisUpdate ?? '20260501000000Z'),
    ...(nextUpdate === undefined ? [] : [tlv(0xa0, time(nextUpdate))]),
    ...(answer.extensions === undefined ? [] : [tlv(0xa1, sequence(...answer.extensions))]),
  );
}

export const responderIds = {
  byName: ({ subject }: Issued): Buffer => tlv(0xa1, subject),
  byKey: (responder: Issued): Buffer => tlv(0xa2, tlv(Tag.octetString, keyHash(responder))),
};

/** A BasicOCSPResponse in DER, signed for real, at run time. */
export function basicResponse(signer: Issued, request: SignedOcsp = {}): Buffer {
  const [algorithm, digest] = request.algorithm ?? [ECDSA_WITH_SHA256, 'sha256'];
  const data = sequence(
    ...(request.version === undefined ? [] : [tlv(0xa0, request.version)]),
    request.responderId ?? responderIds.byName(signer),
    time(request.producedAt ?? '20260501000000Z'),
    sequence(...(request.answers ?? [])),
    ...(request.extensions === undefined ? [] : [tlv(0xa1, sequence(...request.extensions))]),
  );
  const signature = sign(digest, data, (request.signedBy ?? signer.keys).privateKey);
  if (request.corruptSignature === true) signature.writeUInt8(signature.readUInt8(12) ^ 1, 12);
  return sequence(
    data,
    algorithm,
    tlv(Tag.bitString, hex('00'), signature),
    ...(request.certificates === undefined ? [] : [tlv(0xa0, sequence(...request.certificates))]),
  );
}

/** An OCSPResponse in DER. */
export function responseDer(status: number, content?: Buffer, type = '1.3.6.1.5.5.7.48.1.1'): Buffer {
  const bytes = content && tlv(0xa0, sequence(objectIdentifier(type), tlv(Tag.octetString, content)));
  return sequence(tlv(Tag.enumerated, Buffer.of(status)), ...(bytes === undefined ? [] : [bytes]));
}

export function ocspDer(signer: Issued, request: SignedOcsp = {}): Buffer {
  return responseDer(0, basicResponse(signer, request));
}

export function signOcsp(signer: Issued, request: SignedOcsp = {}): OcspResponse {
  const { value, problems } = readOcspResponse(ocspDer(signer, request));
  if (value === undefined) throw new Error(problems.join());
  return value;
}

/** Whom an issuer has certified to answer for it. */
export function ocspResponder(issuer: Issued, request: Parameters<typeof endEntity>[1] = {}): Issued {
  return endEntity(issuer, {
    subject: 'OCSP Responder',
    extensions: [
      extensions.keyUsage('digitalSignature'),
      extensions.extendedKeyUsage(OCSP_SIGNING),
      extensions.ocspNoCheck(),
    ],
    ...request,
  });
}

export const criticalExtension = extension('1.3.6.1.4.1.55738.666.1', hex('0500'), true);
