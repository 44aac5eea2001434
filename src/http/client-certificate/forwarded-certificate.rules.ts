import { CERTIFICATE_HEADERS, type CertificateHeaderForm } from './certificate-headers.js';
import { type HeaderReading, malformed, NONE } from './presented-certificate.js';

/** The header of the proxies, and whether the peer of the connection is one of them. */
export interface ForwardingPeer {
  /** Undefined: no proxy forwards certificates. */
  readonly form: CertificateHeaderForm | undefined;
  readonly isTrusted: boolean;
}

/** RFC 5280 paths of more certificates are not searched (contract 12.2). */
const MAX_CHAIN = 8;

/**
 * The client certificate that a trusted proxy has forwarded (contract 15.1). Fails closed: a header from anybody else, a
 * second value, or another form is malformed, never *none*.
 *
 * @param headers - the values of each header, by its name in lower case, in the order in which they were sent
 */
export function readForwardedCertificate(
  headers: Readonly<Record<string, readonly string[] | undefined>>,
  { form, isTrusted }: ForwardingPeer,
): HeaderReading {
  if (form === undefined) return NONE;
  const { name, chainName, read } = CERTIFICATE_HEADERS[form];
  const valuesOf = (header: string): readonly string[] => headers[header.toLowerCase()] ?? [];
  const values = valuesOf(name);
  const chain = chainName === undefined ? [] : valuesOf(chainName);
  if (!isTrusted && values.length + chain.length > 0) {
    return malformed(`${name} was sent from an address that is not in TRUSTED_PROXIES.`);
  }
  const [value] = values;
  if (value === undefined) return chain.length === 0 ? NONE : malformed(`${chainName} was sent without ${name}.`);
  if (values.length > 1) {
    return malformed(`${name} was sent more than once: the proxy must remove the header of its own callers.`);
  }
  // A list may be sent in several lines (RFC 9110 section 5.3).
  const reading = read(value, chain.length === 0 ? undefined : chain.join(','));
  const isTooLong = reading.kind === 'presented' && reading.chain.length > MAX_CHAIN;
  return isTooLong ? malformed(`More than ${MAX_CHAIN} other certificates were sent with the certificate.`) : reading;
}
