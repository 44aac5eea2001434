import { hash } from 'node:crypto';

import { DerError } from '../../x509/der/der-error.js';
import { readCrlStructure } from '../../x509/revocation/crl-structure.js';
import type { EntryIndex } from '../../x509/revocation/entry-lookup.js';
import { crlDerOf } from './crl-text.js';

/** What is sent to the worker thread. */
export interface CrlIndexRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether they may be PEM. */
  readonly mayBePem: boolean;
}

/** What the thread sends back. Also the DER, because it was not copied. */
export type CrlIndexAnswer =
  | {
      readonly der: Uint8Array<ArrayBuffer>;
      readonly sha256: Uint8Array<ArrayBuffer>;
      /** Undefined if the CRL has no entries. */
      readonly index: EntryIndex | undefined;
    }
  /** One fixed clause: why it cannot be read. */
  | { readonly problem: string };

/** Does what takes long for a large CRL: reads every entry once, and computes the digest. */
export function crlIndex({ bytes, mayBePem }: CrlIndexRequest): CrlIndexAnswer {
  try {
    const sent = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const der = mayBePem ? crlDerOf(sent) : sent;
    const { entries } = readCrlStructure(der, []);
    // A short text is decoded into a buffer that is shared with others, which cannot be transferred.
    const own = der === sent ? bytes : new Uint8Array(der);
    return { der: own, sha256: new Uint8Array(hash('sha256', der, 'buffer')), index: entries?.index };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { problem: error.message };
  }
}
