import { type GeneralName, readGeneralNames } from '../certificate/extensions/general-name.js';
import { DerError } from '../der/der-error.js';
import { DerReader, type DerValue, readSequence, readWhole } from '../der/der-reader.js';
import { readBoolean, readIntegerOctets } from '../der/primitives.js';
import { reading } from '../der/reading.js';
import { Tag } from '../der/tag.js';
import { readTime } from '../der/time.js';

/** RFC 5280 section 5.3.1, in the order of the numbers; 7 is not used. */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

export type RevocationReason = Exclude<(typeof REASONS)[number], undefined>;

export const REVOCATION_REASONS = REASONS.filter((reason) => reason !== undefined);

export interface CrlEntry {
  /** `unspecified` also if the reason is absent or cannot be read. */
  readonly reason: RevocationReason;
  readonly revocationDate: Date | undefined;
  /** When the key was compromised, according to the CRL issuer (RFC 5280 section 5.3.2). */
  readonly invalidityDate: Date | undefined;
}

/** The last octet of the identifiers below id-ce, 2.5.29. */
const REASON_CODE = 21;
const INVALIDITY_DATE = 24;
const CERTIFICATE_ISSUER = 29;

const RECOGNIZED: ReadonlySet<number | undefined> = new Set([REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER]);

const UTC_TIME_OCTETS = 13;
const GENERALIZED_TIME_OCTETS = 15;

/** The parts of an entry, not decoded. */
export interface RawEntry {
  readonly serialNumber: Buffer;
  readonly revocationDate: DerValue;
  readonly extensions: DerValue | undefined;
}

/** @throws DerError */
export function readRawEntry(entry: DerValue): RawEntry {
  const fields = entry.inside();
  const serialNumber = readIntegerOctets(fields.take(Tag.integer, 'the serial number of an entry'));
  const revocationDate = fields.next();
  const extensions = fields.takeOptional(Tag.sequence);
  fields.finish('an entry');
  if (!isTime(revocationDate)) throw new DerError('the revocation date of an entry is not a time');
  return { serialNumber, revocationDate, extensions };
}

function isTime({ tag, length }: DerValue): boolean {
  return tag === Tag.utcTime
    ? length === UTC_TIME_OCTETS
    : tag === Tag.generalizedTime && length === GENERALIZED_TIME_OCTETS;
}

interface EntryExtension {
  /** Undefined: not below id-ce. */
  readonly id: number | undefined;
  readonly critical: boolean;
  readonly value: DerValue;
}

/** What the extensions of an entry say about the whole CRL. */
export interface EntryScope {
  /** RFC 5280 section 5.3: the CRL must not be used. */
  readonly hasUnknownCriticalExtension: boolean;
  /** RFC 5280 section 5.3.3; undefined: as the entry before. */
  readonly certificateIssuer: DerValue | undefined;
}

/** @throws DerError */
export function readEntryScope(extensions: DerValue): EntryScope {
  let hasUnknownCriticalExtension = false;
  let certificateIssuer: DerValue | undefined;
  for (const list = extensions.inside(); !list.atEnd;) {
    const { id, critical, value } = readEntryExtension(list);
    if (critical && !RECOGNIZED.has(id)) hasUnknownCriticalExtension = true;
    if (id === CERTIFICATE_ISSUER) certificateIssuer = value;
  }
  return { hasUnknownCriticalExtension, certificateIssuer };
}

/** Without the dotted form of the identifier: a CRL may have millions of these. */
function readEntryExtension(list: DerReader): EntryExtension {
  const fields = list.take(Tag.sequence, 'an extension of an entry').inside();
  const { content } = fields.take(Tag.objectIdentifier, 'an extension identifier');
  const flag = fields.takeOptional(Tag.boolean);
  const value = fields.take(Tag.octetString, 'an extension value');
  fields.finish('an extension of an entry');
  const isBelowIdCe = content.length === 3 && content[0] === 0x55 && content[1] === 0x1d;
  return { id: isBelowIdCe ? content[2] : undefined, critical: flag !== undefined && readBoolean(flag), value };
}

/** @throws DerError */
export function readCertificateIssuer(value: DerValue, problems: string[]): readonly GeneralName[] {
  return readGeneralNames(readSequence(value.content, 'the certificate issuer'), problems);
}

/** The revocation itself stands, even if its details cannot be read. */
export function readEntryDetails({ revocationDate, extensions }: RawEntry): CrlEntry {
  let reason: RevocationReason = 'unspecified';
  let invalidityDate: Date | undefined;
  for (const list = extensions?.inside() ?? new DerReader(Buffer.alloc(0)); !list.atEnd;) {
    const { id, value } = readEntryExtension(list);
    if (id === REASON_CODE) reason = readReason(value.content);
    if (id === INVALIDITY_DATE) invalidityDate = readInvalidityDate(value.content);
  }
  return { reason, revocationDate: readTime(revocationDate), invalidityDate };
}

/** Of a CRLReason in DER; the revocation stands, whatever the reason is. */
export function readReason(value: Buffer): RevocationReason {
  const code = reading(() => readWhole(value, Tag.enumerated, 'the reason').content).value;
  const [number = 0] = code?.length === 1 ? code : [];
  return REASONS[number] ?? 'unspecified';
}

/** Always a GeneralizedTime. */
function readInvalidityDate(value: Buffer): Date | undefined {
  return reading(() => readTime(readWhole(value, Tag.generalizedTime, 'the invalidity date'))).value;
}
