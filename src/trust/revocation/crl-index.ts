import { DerError } from '../../x509/der/der-error.js';
import { readCrlStructure } from '../../x509/revocation/crl-structure.js';
import type { EntryIndex } from '../../x509/revocation/entry-lookup.js';

/** What the worker thread sends back. The DER comes back as well, because it was not copied. */
export interface CrlIndexAnswer {
  readonly der: Uint8Array<ArrayBuffer>;
  /** Undefined if the CRL cannot be read; also if it has no entries. */
  readonly index: EntryIndex | undefined;
  /** Fixed clauses: why it cannot be read. */
  readonly problem: string | undefined;
}

/** Reads every entry of a CRL once, so that `readCrl` need not. */
export function crlIndex(der: Uint8Array<ArrayBuffer>): CrlIndexAnswer {
  try {
    const { entries } = readCrlStructure(Buffer.from(der.buffer, der.byteOffset, der.byteLength), []);
    return { der, index: entries?.index, problem: undefined };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { der, index: undefined, problem: error.message };
  }
}
