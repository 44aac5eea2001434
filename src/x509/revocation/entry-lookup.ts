import { DerError } from '../der/der-error.js';
import { DerReader, type DerValue } from '../der/der-reader.js';
import { Tag } from '../der/tag.js';
import { nameKey } from '../name/compare-names.js';
import {
  type CrlEntry,
  readCertificateIssuer,
  readEntryDetails,
  readEntryScope,
  readRawEntry,
  type RawEntry,
} from './crl-entry.js';

/** A key is `hash * OFFSETS + offset`, and exact as a JavaScript number: 25 bits and 28 bits. */
const OFFSETS = 2 ** 28;
const UNUSED_HASH_BITS = 7;

/** A serial number of one octet and a UTCTime; no entry is shorter. */
const MIN_ENTRY_OCTETS = 20;

/** What one pass over all entries finds. Plain data, so that another thread can make it. */
export interface EntryIndex {
  /** Of each entry one number, sorted. */
  readonly keys: Float64Array<ArrayBuffer>;
  /** The offsets of the entries that name the issuer of their certificate, and of those that follow. */
  readonly issuerChanges: Float64Array<ArrayBuffer>;
  /** RFC 5280 section 5.3. */
  readonly hasUnknownCriticalExtension: boolean;
}

/**
 * Reads every entry of a CRL (RFC 5280 section 5.1.2.6), and keeps one number of each: a million entries take 8 MB, and
 * no input makes the pass or the sort slow.
 *
 * @param entries - the content of `revokedCertificates`
 * @throws DerError
 */
export function indexEntries(entries: Buffer): EntryIndex {
  if (entries.length >= OFFSETS) throw new DerError('the CRL is too large');
  const keys = new Float64Array(Math.ceil(entries.length / MIN_ENTRY_OCTETS));
  const issuerChanges: number[] = [];
  let hasUnknownCriticalExtension = false;
  let count = 0;
  let offset = 0;
  for (const reader = new DerReader(entries); !reader.atEnd;) {
    const value = reader.take(Tag.sequence, 'an entry');
    const { serialNumber, extensions } = readRawEntry(value);
    if (extensions !== undefined) {
      const scope = readEntryScope(extensions);
      hasUnknownCriticalExtension ||= scope.hasUnknownCriticalExtension;
      if (scope.certificateIssuer !== undefined) {
        namesOf(scope.certificateIssuer);
        issuerChanges.push(offset);
      }
    }
    keys[count] = hashOf(serialNumber) * OFFSETS + offset;
    count += 1;
    offset = value.end;
  }
  return {
    keys: keys.subarray(0, count).toSorted(),
    issuerChanges: Float64Array.from(issuerChanges),
    hasUnknownCriticalExtension,
  };
}

/** Finds the entries of a CRL by serial number. */
export class EntryLookup {
  /**
   * @param entries - the content of `revokedCertificates`
   * @param index - of these entries
   * @param crlIssuer - a comparable name
   */
  constructor(
    private readonly entries: Buffer,
    readonly index: EntryIndex,
    private readonly crlIssuer: string,
  ) {}

  get hasUnknownCriticalExtension(): boolean {
    return this.index.hasUnknownCriticalExtension;
  }

  /** RFC 5280 section 5.3.3: whether an entry names the issuer of its certificate. */
  get namesIssuers(): boolean {
    return this.index.issuerChanges.length > 0;
  }

  /**
   * The entry of a certificate; the serial number alone says nothing (RFC 5280 section 5.3.3).
   *
   * @param issuer - its comparable name
   * @param serialNumber - two's complement octets
   */
  find(issuer: string, serialNumber: Buffer): CrlEntry | undefined {
    const { keys } = this.index;
    const hash = hashOf(serialNumber);
    const first = firstIndex(keys, (key) => key >= hash * OFFSETS);
    for (let index = first; index < keys.length; index += 1) {
      const key = keys[index] ?? 0;
      if (Math.floor(key / OFFSETS) !== hash) return undefined;
      const offset = key % OFFSETS;
      const entry = this.#entryAt(offset);
      if (entry.serialNumber.equals(serialNumber) && this.#issuersAt(offset).includes(issuer)) {
        return readEntryDetails(entry);
      }
    }
    return undefined;
  }

  #entryAt(offset: number): RawEntry {
    return readRawEntry(new DerReader(this.entries, offset).next());
  }

  /** RFC 5280 section 5.3.3: an entry without the extension is about the issuer of the entry before it. */
  #issuersAt(offset: number): readonly string[] {
    const { issuerChanges } = this.index;
    const change = issuerChanges[firstIndex(issuerChanges, (start) => start > offset) - 1];
    const extensions = change === undefined ? undefined : this.#entryAt(change).extensions;
    const named = extensions && readEntryScope(extensions).certificateIssuer;
    return named === undefined ? [this.crlIssuer] : namesOf(named);
  }
}

/** Comparable names. */
function namesOf(certificateIssuer: DerValue): readonly string[] {
  const names = readCertificateIssuer(certificateIssuer, []);
  return names.flatMap((name) => (name.kind === 'directoryName' ? nameKey(name.value) : []));
}

/** Of a sorted list; its length if there is none. */
function firstIndex(list: Float64Array, isBeyond: (element: number) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBeyond(list[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** FNV-1a; numbers that collide only make their own search longer. */
function hashOf(octets: Buffer): number {
  let hash = 0x81_1c_9d_c5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01_00_01_93);
  return hash >>> UNUSED_HASH_BITS;
}
