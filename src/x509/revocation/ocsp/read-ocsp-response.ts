import { readAlgorithmIdentifier } from '../../certificate/algorithm-identifier.js';
import type { DerCertificate } from '../../certificate/der-certificate.js';
import { readCertificate } from '../../certificate/read-certificate.js';
import { DerError } from '../../der/der-error.js';
import { type DerReader, type DerValue, readSequence } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { readBitString, readIntegerOctets } from '../../der/primitives.js';
import { type Reading, reading } from '../../der/reading.js';
import { contextConstructed, Tag } from '../../der/tag.js';
import { nameKey } from '../../name/compare-names.js';
import { readName } from '../../name/read-name.js';
import type { OcspResponse, ResponderId } from './ocsp-response.js';
import { hasCriticalExtension, readOnly, readSingleResponse, readUpdateTime } from './read-single-response.js';

/** An answer about one certificate takes a few kilobytes. */
const MAX_OCTETS = 256 * 1024;
const MAX_SINGLE_RESPONSES = 256;
const MAX_CERTIFICATES = 16;

/** RFC 6960 section 4.2.1, by number; 4 is not used. */
const STATUSES = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  undefined,
  'sigRequired',
  'unauthorized',
] as const;

/** Why a responder gives no answer. */
type OcspRefusal = Exclude<(typeof STATUSES)[number], 'successful' | undefined>;

export interface OcspReading extends Reading<OcspResponse> {
  /** Then there is no value, and nothing else to say about the bytes. */
  readonly refusal: OcspRefusal | undefined;
}

/** An OCSPResponse in DER (RFC 6960 section 4.2.1). Nothing in it is proven yet. */
export function readOcspResponse(der: Buffer): OcspReading {
  const { value: answer, problems } = reading(() => readAnswer(der));
  if (answer === undefined) return { value: undefined, problems, refusal: undefined };
  if (typeof answer === 'string') return { value: undefined, problems: [answer], refusal: answer };
  return { ...reading((found) => readBasicResponse(answer, found)), refusal: undefined };
}

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';

/** The DER of the BasicOCSPResponse, or why there is none. */
function readAnswer(der: Buffer): Buffer | OcspRefusal {
  if (der.length > MAX_OCTETS) throw new DerError('the OCSP response is too large');
  const response = readSequence(der, 'the OCSP response');
  const status = readStatus(response.take(Tag.enumerated, 'the response status'));
  const explicit = response.takeOptional(contextConstructed(0));
  response.finish('the OCSP response');
  if (status !== 'successful') return status;
  if (explicit === undefined) throw new DerError('a successful response has no content');
  const fields = readOnly(explicit, Tag.sequence, 'the content of the response').inside();
  const type = readObjectIdentifier(fields.take(Tag.objectIdentifier, 'the type of the response'));
  const content = fields.take(Tag.octetString, 'the content of the response').content;
  fields.finish('the content of the response');
  if (type !== BASIC_RESPONSE) throw new DerError('the response is not a basic one');
  return content;
}

function readStatus(value: DerValue): 'successful' | OcspRefusal {
  const octets = readIntegerOctets(value);
  const status = octets.length === 1 ? STATUSES[octets.readUInt8(0)] : undefined;
  if (status === undefined) throw new DerError('the response status is not known');
  return status;
}

function readBasicResponse(der: Buffer, problems: string[]): OcspResponse {
  const fields = readSequence(der, 'the basic response');
  const signedPart = fields.take(Tag.sequence, 'the signed part');
  const signature = readAlgorithmIdentifier(fields);
  const signatureValue = readBitString(fields.take(Tag.bitString, 'the signature'));
  const certificates = fields.takeOptional(contextConstructed(0));
  fields.finish('the basic response');
  return {
    ...readResponseData(signedPart.inside(), problems),
    signature,
    signedPart: signedPart.bytes,
    signatureValue,
    certificates: certificates === undefined ? [] : readCertificates(certificates, problems),
  };
}

type ResponseData = Pick<OcspResponse, 'responderId' | 'producedAt' | 'responses' | 'hasUnknownCriticalExtension'>;

function readResponseData(fields: DerReader, problems: string[]): ResponseData {
  const version = fields.takeOptional(contextConstructed(0));
  if (version !== undefined) checkVersion(version, problems);
  const responderId = readResponderId(fields.next(), problems);
  const producedAt = readUpdateTime(fields.take(Tag.generalizedTime, 'the time of the response'));
  const responses = readList(
    fields.take(Tag.sequence, 'the list of responses'),
    MAX_SINGLE_RESPONSES,
    'the list of responses',
  ).map(readSingleResponse);
  const extensions = fields.takeOptional(contextConstructed(1));
  fields.finish('the signed part');
  return { responderId, producedAt, responses, hasUnknownCriticalExtension: hasCriticalExtension(extensions) };
}

/** Only v1 is there, and as the default it is not encoded in DER. */
function checkVersion(explicit: DerValue, problems: string[]): void {
  const octets = readIntegerOctets(readOnly(explicit, Tag.integer, 'the version'));
  if (octets.length !== 1 || octets[0] !== 0) throw new DerError('the response is not of version 1');
  problems.push('its default version is encoded');
}

function readResponderId(choice: DerValue, problems: string[]): ResponderId {
  if (choice.tag === contextConstructed(1)) {
    return { kind: 'byName', name: nameKey(readName(readOnly(choice, Tag.sequence, 'the responder'), problems)) };
  }
  if (choice.tag !== contextConstructed(2)) throw new DerError('the responder is missing or has a wrong type');
  return { kind: 'byKey', keyHash: readOnly(choice, Tag.octetString, 'the key of the responder').content };
}

/** One that cannot be read proves nothing, and the others stand. */
function readCertificates(explicit: DerValue, problems: string[]): readonly DerCertificate[] {
  const list = readOnly(explicit, Tag.sequence, 'the list of certificates');
  return readList(list, MAX_CERTIFICATES, 'the list of certificates').flatMap(({ bytes }) => {
    const read = readCertificate(bytes);
    if (read.ok) return [read.certificate];
    problems.push('a certificate of the responder cannot be read');
    return [];
  });
}

function readList(list: DerValue, maximum: number, what: string): readonly DerValue[] {
  const values: DerValue[] = [];
  for (const reader = list.inside(); !reader.atEnd;) {
    if (values.length === maximum) throw new DerError(`${what} is too long`);
    values.push(reader.take(Tag.sequence, `an element of ${what}`));
  }
  return values;
}
