import { type Reading, reading } from '../der/reading.js';
import { readCrlStructure } from './crl-structure.js';
import { Crl } from './crl.js';
import type { EntryIndex } from './entry-lookup.js';

/**
 * A CRL in DER. Every entry is read; one that cannot be read makes the whole CRL unreadable.
 *
 * @param index - of the entries of this CRL, if another thread has read them already
 */
export function readCrl(der: Buffer, index?: EntryIndex): Reading<Crl> {
  return reading((problems) => new Crl(readCrlStructure(der, problems, index)));
}
