import { DerError } from './der-error.js';
import { Tag } from './tag.js';

/** One tag-length-value. `content` and `bytes` are views of the source, created on use. */
export class DerValue {
  constructor(
    private readonly source: Buffer,
    /** The identifier octet, see `Tag`. */
    readonly tag: number,
    private readonly start: number,
    private readonly contentStart: number,
    readonly end: number,
  ) {}

  get length(): number {
    return this.end - this.contentStart;
  }

  get content(): Buffer {
    return this.source.subarray(this.contentStart, this.end);
  }

  /** Tag, length and content together. */
  get bytes(): Buffer {
    return this.source.subarray(this.start, this.end);
  }

  /** The same content with the universal tag that an IMPLICIT tag replaced. */
  retagged(tag: number): DerValue {
    return new DerValue(this.source, tag, this.start, this.contentStart, this.end);
  }

  /** Reads the contents of a constructed value. */
  inside(): DerReader {
    return new DerReader(this.source, this.contentStart, this.end);
  }
}

/**
 * Reads consecutive values in a range of DER (X.690 section 10). It does not descend by itself, so no nesting can
 * exhaust the stack. Throws a DerError for indefinite and non-minimal lengths, lengths beyond the range, and tag
 * numbers above 30, which no type of RFC 5280 has.
 */
export class DerReader {
  constructor(
    private readonly source: Buffer,
    private position = 0,
    private readonly end = source.length,
  ) {}

  get atEnd(): boolean {
    return this.position === this.end;
  }

  /** The identifier octet of the next value, undefined at the end. */
  get nextTag(): number | undefined {
    return this.position < this.end ? this.source[this.position] : undefined;
  }

  next(): DerValue {
    const start = this.position;
    const tag = this.octet(start);
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag number is above 30');
    const first = this.octet(start + 1);
    let contentStart = start + 2;
    let length = first;
    if (first >= 0x80) {
      const octets = first & 0x7f;
      if (octets === 0) throw new DerError('a length is indefinite');
      if (octets > 4) throw new DerError('a length is beyond the data');
      length = 0;
      for (let index = 0; index < octets; index += 1) length = length * 256 + this.octet(contentStart + index);
      contentStart += octets;
      if (length < 0x80 || length < 256 ** (octets - 1)) throw new DerError('a length is not minimal');
    }
    if (length > this.end - contentStart) throw new DerError('a length is beyond the data');
    this.position = contentStart + length;
    return new DerValue(this.source, tag, start, contentStart, this.position);
  }

  /** @throws DerError if the next value has another tag; `what` is the name of the expected value with its article */
  take(tag: number, what: string): DerValue {
    if (this.nextTag !== tag) throw new DerError(`${what} is missing or has a wrong type`);
    return this.next();
  }

  takeOptional(tag: number): DerValue | undefined {
    return this.nextTag === tag ? this.next() : undefined;
  }

  /** @throws DerError if there is more data; `what` is the name of the structure with its article */
  finish(what: string): void {
    if (!this.atEnd) throw new DerError(`${what} has trailing data`);
  }

  private octet(position: number): number {
    const octet = position < this.end ? this.source[position] : undefined;
    if (octet === undefined) throw new DerError('the data ends too early');
    return octet;
  }
}

/** The only value in `der`. */
export function readWhole(der: Buffer, tag: number, what: string): DerValue {
  const reader = new DerReader(der);
  const value = reader.take(tag, what);
  reader.finish('the encoding');
  return value;
}

/** Reads the elements of the SEQUENCE that is the only value in `der`. */
export function readSequence(der: Buffer, what: string): DerReader {
  return readWhole(der, Tag.sequence, what).inside();
}
