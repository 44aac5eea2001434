import { type Reading, reading } from '../der/reading.js';
import { readCrlStructure } from './crl-structure.js';
import { Crl } from './crl.js';

/** A CRL in DER. Every entry is read; one that cannot be read makes the whole CRL unreadable. */
export function readCrl(der: Buffer): Reading<Crl> {
  return reading((problems) => new Crl(readCrlStructure(der, problems)));
}
