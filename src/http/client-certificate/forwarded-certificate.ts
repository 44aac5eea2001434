import type { CertificateHeaderForm } from '../../common/certificate-header-form.js';
import { CERTIFICATE_HEADERS } from './certificate-headers.js';
import { type HeaderReading, malformed, NONE } from './presented-certificate.js';

/** The header of the proxies, and whether the peer of the connection is one of them. */
export interface ForwardingPeer {
  /** Undefined: no proxy forwards certificates. */
  readonly form: CertificateHeaderForm | undefined;
  readonly isTrusted: boolean;
}

/** The values of each header, by its name in lower case, in the order in which they were sent. */
type Headers = Readonly<Record<string, readonly string[] | undefined>>;

/** Whether either header of this form was sent, by whomever and however empty. */
export function hasCertificateHeader(headers: Headers, form: CertificateHeaderForm | undefined): boolean {
  if (form === undefined) return false;
  const { values, chain } = valuesOf(headers, form);
  return values.length + chain.length > 0;
}

/**
 * The client certificate that a trusted proxy has forwarded (contract 15.1). Fails closed: a header from anybody else, a
 * second value, or another form is malformed, never *none*.
 */
export function readForwardedCertificate(headers: Headers, { form, isTrusted }: ForwardingPeer): HeaderReading {
  if (form === undefined) return NONE;
  const { name, chainName, read } = CERTIFICATE_HEADERS[form];
  const { values, chain } = valuesOf(headers, form);
  if (!isTrusted && values.length + chain.length > 0) {
    return malformed(`${name} was sent from an address that is not in TRUSTED_PROXIES.`);
  }
  const [value] = values;
  if (value === undefined) return chain.length === 0 ? NONE : malformed(`${chainName} was sent without ${name}.`);
  if (values.length > 1) {
    return malformed(`${name} was sent more than once: the proxy must remove the header of its own callers.`);
  }
  // A list may be sent in several lines (RFC 9110 section 5.3).
  return read(value, chain.length === 0 ? undefined : chain.join(','));
}

function valuesOf(headers: Headers, form: CertificateHeaderForm): Record<'values' | 'chain', readonly string[]> {
  const { name, chainName } = CERTIFICATE_HEADERS[form];
  const of = (header: string | undefined): readonly string[] => headers[header?.toLowerCase() ?? ''] ?? [];
  return { values: of(name), chain: of(chainName) };
}
