import { hash } from 'node:crypto';

import { type HeaderReading, malformed, NONE, presented } from './presented-certificate.js';
import { readUrlEncodedList, readUrlEncodedPem } from './url-encoded-pem.js';

/** By key, in lower case. */
type Element = ReadonlyMap<string, string>;

/**
 * Envoy's `X-Forwarded-Client-Cert`: pairs of key and value, separated by semicolons. Several elements, separated by commas,
 * are those of several hops; only one proxy is trusted to have checked a certificate, so that one element is allowed.
 */
export function readXfcc(value: string): HeaderReading {
  const element = readElement(value);
  if (element === undefined) {
    return malformed('X-Forwarded-Client-Cert is not one element of pairs of key and value.');
  }
  const [cert = '', chain = ''] = [element.get('cert'), element.get('chain')];
  if (cert === '' && chain === '') {
    return element.has('hash')
      ? malformed('X-Forwarded-Client-Cert has neither Cert nor Chain: let the proxy forward the certificate itself.')
      : NONE;
  }
  const leaf = cert === '' ? undefined : readUrlEncodedPem(cert);
  const certificates = chain === '' ? [] : readUrlEncodedList(chain);
  if ((cert !== '' && leaf === undefined) || certificates === undefined) {
    return malformed('Cert or Chain of X-Forwarded-Client-Cert is not URL-encoded PEM.');
  }
  const [first] = certificates;
  const certificate = leaf ?? first;
  if (certificate === undefined) return NONE;
  // Chain begins with the certificate itself.
  if (first !== undefined && !first.equals(certificate)) {
    return malformed('Cert and Chain of X-Forwarded-Client-Cert are about different certificates.');
  }
  const digest = element.get('hash');
  if (digest !== undefined && digest.toLowerCase() !== hash('sha256', certificate, 'hex')) {
    return malformed('Hash of X-Forwarded-Client-Cert is not that of the certificate.');
  }
  return presented(certificate, certificates.slice(1));
}

/** Envoy repeats these keys for each such name of the client's certificate and of its own; nothing is read from them. */
const REPEATED: ReadonlySet<string> = new Set(['by', 'uri', 'dns']);

/** Undefined if there is more than one element, a key twice, or a quotation mark without its counterpart. */
function readElement(value: string): Element | undefined {
  const element = new Map<string, string>();
  for (let rest = value; rest !== '';) {
    const pair = PAIR.exec(rest);
    const [whole, key = '', quoted, plain = ''] = pair ?? [];
    const name = key.toLowerCase();
    if (whole === undefined || (element.has(name) && !REPEATED.has(name))) return undefined;
    element.set(name, quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1'));
    rest = rest.slice(whole.length);
  }
  return element;
}

/** One pair and the semicolon behind it; a comma outside quotation marks begins another element, and never matches. */
const PAIR = /^([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;]*))(?:;|$)/;
