import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import { type Extension, readExtension } from '../certificate/extensions/extension.js';
import { DerError } from '../der/der-error.js';
import { type DerReader, type DerValue, readSequence } from '../der/der-reader.js';
import { readBitString, readIntegerOctets } from '../der/primitives.js';
import { contextConstructed, Tag } from '../der/tag.js';
import { readTime } from '../der/time.js';
import { nameKey } from '../name/compare-names.js';
import type { Name } from '../name/name.js';
import { readName } from '../name/read-name.js';
import type { SignedData } from '../path/signed-data.js';
import { type EntryIndex, EntryLookup, indexEntries } from './entry-lookup.js';

/** RFC 5280 section 5.1. */
export interface CrlStructure extends SignedData {
  /** The outer algorithm. */
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  /** The comparable name. */
  readonly issuerKey: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Undefined: there are none. */
  readonly entries: EntryLookup | undefined;
  readonly extensions: readonly Extension[];
}

/** In octets, of the issuer and of the extensions: whoever uses a CRL reads them again, also where its entries are known. */
const MAX_HEAD_OCTETS = 64 * 1024;

/**
 * @param index - of its entries; they are read if it is absent
 * @throws DerError if it is not a CertificateList of version 1 or 2
 */
export function readCrlStructure(der: Buffer, problems: string[], index?: EntryIndex): CrlStructure {
  const list = readSequence(der, 'the CRL');
  const signedPart = list.take(Tag.sequence, 'the signed part');
  const signatureAlgorithm = readAlgorithmIdentifier(list);
  const signatureValue = readBitString(list.take(Tag.bitString, 'the signature'));
  list.finish('the CRL');

  const fields = signedPart.inside();
  const version = fields.takeOptional(Tag.integer);
  if (version !== undefined) checkVersion(version);
  const signature = readAlgorithmIdentifier(fields);
  const issuer = readName(requireShort(fields.take(Tag.sequence, 'the issuer'), 'the issuer is'), problems);
  if (issuer.relativeDistinguishedNames.length === 0) throw new DerError('the issuer is empty');
  const thisUpdate = requireTime(fields.next());
  const hasNextUpdate = fields.nextTag === Tag.utcTime || fields.nextTag === Tag.generalizedTime;
  const nextUpdate = hasNextUpdate ? requireTime(fields.next()) : undefined;
  const entries = fields.takeOptional(Tag.sequence);
  const extensions = fields.takeOptional(contextConstructed(0));
  fields.finish('the signed part');
  if (version === undefined && extensions !== undefined) throw new DerError('only version 2 has extensions');

  const issuerKey = nameKey(issuer);
  return {
    signature,
    signedPart: signedPart.bytes,
    signatureValue,
    signatureAlgorithm,
    issuer,
    issuerKey,
    thisUpdate,
    nextUpdate,
    entries: entries && new EntryLookup(entries.content, index ?? indexEntries(entries.content), issuerKey),
    extensions: extensions === undefined ? [] : readExtensions(requireShort(extensions, 'the extensions are').inside()),
  };
}

function requireShort(value: DerValue, what: string): DerValue {
  if (value.length > MAX_HEAD_OCTETS) throw new DerError(`${what} longer than 64 KiB`);
  return value;
}

/** RFC 5280 section 5.1.2.1: absent, or 1 for version 2. */
function checkVersion(version: DerValue): void {
  const octets = readIntegerOctets(version);
  if (octets.length !== 1 || octets[0] !== 1) throw new DerError('it is not a CRL of version 1 or 2');
}

function requireTime(value: DerValue): Date {
  const time = readTime(value);
  if (time === undefined) throw new DerError('an update time is not in the form of RFC 5280');
  return time;
}

function readExtensions(explicit: DerReader): Extension[] {
  const extensions: Extension[] = [];
  const list = explicit.take(Tag.sequence, 'the list of extensions').inside();
  explicit.finish('the list of extensions');
  while (!list.atEnd) extensions.push(readExtension(list.take(Tag.sequence, 'an extension').inside()));
  return extensions;
}
