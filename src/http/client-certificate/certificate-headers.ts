import type { CertificateHeaderForm } from '../../common/certificate-header-form.js';
import { readBase64, readByteSequence, readByteSequences } from './byte-sequence.js';
import { type HeaderReading, malformed, NONE, presented } from './presented-certificate.js';
import { readUrlEncodedPem } from './url-encoded-pem.js';
import { readXfcc } from './xfcc.js';

interface CertificateHeader {
  readonly name: string;
  /** Of the header with the other certificates. */
  readonly chainName?: string;
  /** `chain`: undefined if that header was not sent. */
  readonly read: (value: string, chain: string | undefined) => HeaderReading;
}

/** The headers in which proxies forward a client certificate (contract 15.1). */
export const CERTIFICATE_HEADERS: Readonly<Record<CertificateHeaderForm, CertificateHeader>> = {
  rfc9440: { name: 'Client-Cert', chainName: 'Client-Cert-Chain', read: readRfc9440 },
  xfcc: { name: 'X-Forwarded-Client-Cert', read: readXfcc },
  nginx: urlEncoded('X-SSL-Client-Cert'),
  haproxy: { name: 'X-SSL-Client-DER', read: readHaproxy },
  alb: urlEncoded('X-Amzn-Mtls-Clientcert-Leaf'),
};

/** RFC 9440 sections 2.2 and 2.3. */
function readRfc9440(value: string, chain: string | undefined): HeaderReading {
  const certificate = readByteSequence(value);
  if (certificate === undefined) return malformed('Client-Cert is not a byte sequence as in RFC 9440: :base64:.');
  const others = readByteSequences(chain ?? '');
  if (others === undefined) {
    return malformed('Client-Cert-Chain is not a list of byte sequences as in RFC 9440: :base64:, :base64:.');
  }
  return presented(certificate, others);
}

/** `%[ssl_c_der,base64]`; empty if the client has no certificate. */
function readHaproxy(value: string): HeaderReading {
  if (value === '') return NONE;
  const certificate = readBase64(value);
  return certificate === undefined ? malformed('X-SSL-Client-DER is not base64.') : presented(certificate);
}

/** nginx: `$ssl_client_escaped_cert`, empty if the client has no certificate. */
function urlEncoded(name: string): CertificateHeader {
  return {
    name,
    read: (value) => {
      if (value === '') return NONE;
      const certificate = readUrlEncodedPem(value);
      return certificate === undefined
        ? malformed(`${name} is not one URL-encoded PEM block.`)
        : presented(certificate);
    },
  };
}
