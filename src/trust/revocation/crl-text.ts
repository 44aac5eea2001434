import { DerError } from '../../x509/der/der-error.js';
import { Tag } from '../../x509/der/tag.js';

/** RFC 7468 section 6. */
const BEGIN = '-----BEGIN X509 CRL-----';
const END = '-----END X509 CRL-----';

/**
 * The DER of a CRL that was sent as DER, or as one PEM block with other text around it.
 *
 * @throws DerError
 */
export function crlDerOf(bytes: Buffer): Buffer {
  if (bytes[0] === Tag.sequence) return bytes;
  const text = bytes.toString('latin1');
  const begin = text.indexOf(BEGIN);
  if (begin < 0) throw new DerError('it is neither DER nor a PEM block X509 CRL');
  const end = text.indexOf(END, begin);
  if (end < 0) throw new DerError('the END line of the PEM block is missing');
  if (text.includes(BEGIN, end)) throw new DerError('the text has more than one CRL');
  const base64 = text.slice(begin + BEGIN.length, end).replaceAll(/\s/g, '');
  const der = Buffer.from(base64, 'base64');
  if (der.toString('base64') !== base64) throw new DerError('the PEM block is not valid base64');
  return der;
}
