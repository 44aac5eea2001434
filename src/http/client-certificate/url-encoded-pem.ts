import { readPem, readPemList } from '../../x509/certificate/pem.js';

/**
 * Percent-encoded PEM blocks (RFC 3986 section 2.1). A plus sign stands for itself: proxies leave it, or encode it. Undefined
 * if it cannot be decoded or contains anything but certificates.
 */
export function readUrlEncodedList(text: string): readonly Buffer[] | undefined {
  const pem = decode(text);
  const list = pem === undefined ? undefined : readPemList(pem);
  return list?.ok === true && list.ders.length > 0 ? list.ders : undefined;
}

/** Exactly one block. */
export function readUrlEncodedPem(text: string): Buffer | undefined {
  const pem = decode(text);
  const block = pem === undefined ? undefined : readPem(pem);
  return block?.ok === true ? block.der : undefined;
}

/** Nothing may stand around the blocks: two values that a proxy has joined with a comma are not one. */
const BLOCKS = /^(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

function decode(text: string): string | undefined {
  try {
    const pem = decodeURIComponent(text);
    return BLOCKS.test(pem) ? pem : undefined;
  } catch {
    return undefined;
  }
}
