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

/** From this offset on, the entries are about certificates of this issuer. */
interface IssuerChange {
  readonly offset: number;
  /** Comparable names. */
  readonly names: readonly string[];
}

/**
 * Finds the entries of a CRL (RFC 5280 section 5.1.2.6) by serial number. One pass reads every entry, and keeps one
 * sorted number of each: a million entries take 8 MB, and no input makes the pass or the sort slow.
 */
export class EntryLookup {
  /** RFC 5280 section 5.3. */
  hasUnknownCriticalExtension = false;
  readonly #entries: Buffer;
  readonly #keys: Float64Array;
  readonly #changes: IssuerChange[];

  /**
   * @param entries - the content of `revokedCertificates`
   * @throws DerError
   */
  constructor(entries: Buffer, crlIssuer: string) {
    if (entries.length >= OFFSETS) throw new DerError('the CRL is too large');
    this.#entries = entries;
    this.#changes = [{ offset: 0, names: [crlIssuer] }];
    this.#keys = this.#readKeys().toSorted();
  }

  /** RFC 5280 section 5.3.3: whether an entry names the issuer of its certificate. */
  get namesIssuers(): boolean {
    return this.#changes.length > 1;
  }

  /**
   * The entry of a certificate; the serial number alone says nothing (RFC 5280 section 5.3.3).
   *
   * @param issuer - its comparable name
   * @param serialNumber - two's complement octets
   */
  find(issuer: string, serialNumber: Buffer): CrlEntry | undefined {
    const hash = hashOf(serialNumber);
    const first = firstIndex(this.#keys, (key) => key >= hash * OFFSETS);
    for (let index = first; index < this.#keys.length; index += 1) {
      const key = this.#keys[index] ?? 0;
      if (Math.floor(key / OFFSETS) !== hash) return undefined;
      const offset = key % OFFSETS;
      const entry = this.#entryAt(offset);
      if (entry.serialNumber.equals(serialNumber) && this.#issuerAt(offset).includes(issuer)) {
        return readEntryDetails(entry);
      }
    }
    return undefined;
  }

  #readKeys(): Float64Array {
    const keys = new Float64Array(Math.ceil(this.#entries.length / MIN_ENTRY_OCTETS));
    let count = 0;
    let offset = 0;
    for (const reader = new DerReader(this.#entries); !reader.atEnd;) {
      const value = reader.take(Tag.sequence, 'an entry');
      const { serialNumber, extensions } = readRawEntry(value);
      if (extensions !== undefined) this.#readScope(extensions, offset);
      keys[count] = hashOf(serialNumber) * OFFSETS + offset;
      count += 1;
      offset = value.end;
    }
    return keys.subarray(0, count);
  }

  #readScope(extensions: DerValue, offset: number): void {
    const { hasUnknownCriticalExtension, certificateIssuer } = readEntryScope(extensions);
    this.hasUnknownCriticalExtension ||= hasUnknownCriticalExtension;
    if (certificateIssuer === undefined) return;
    const names = readCertificateIssuer(certificateIssuer, []).flatMap((name) =>
      name.kind === 'directoryName' ? nameKey(name.value) : [],
    );
    this.#changes.push({ offset, names });
  }

  #entryAt(offset: number): RawEntry {
    return readRawEntry(new DerReader(this.#entries, offset).next());
  }

  /** RFC 5280 section 5.3.3: an entry without the extension is about the issuer of the entry before it. */
  #issuerAt(offset: number): readonly string[] {
    const after = firstIndex(this.#changes, (change) => change.offset > offset);
    return this.#changes[after - 1]?.names ?? [];
  }
}

/** Of a sorted list; its length if there is none. */
function firstIndex<T>(list: ArrayLike<T>, isBeyond: (element: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBeyond(list[middle] as T)) high = middle;
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
