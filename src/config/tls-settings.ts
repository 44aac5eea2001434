import { CERTIFICATE_HEADER_FORMS, type CertificateHeaderForm } from '../common/certificate-header-form.js';
import type { Environment } from './environment.js';
import { problemsOfTlsFiles } from './tls-files.js';

/** The files are read again while the server runs, so that renewing them needs no restart. */
export interface TlsSettings {
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Certificates whose subjects are sent to clients as a hint; they decide nothing. */
  readonly clientCaFile: string | undefined;
}

const TOGETHER = ['TLS_PORT', 'TLS_CERT_FILE', 'TLS_KEY_FILE'] as const;

export function readTls(environment: Environment, httpPort: number): TlsSettings | undefined {
  const port = environment.integer('TLS_PORT', 0, 1, 65_535);
  const [certificateFile, keyFile] = [environment.text('TLS_CERT_FILE'), environment.text('TLS_KEY_FILE')];
  const clientCaFile = environment.text('TLS_CLIENT_CA_FILE');
  const missing = TOGETHER.filter((name) => environment.text(name) === undefined);
  if (missing.length === TOGETHER.length) {
    if (clientCaFile !== undefined) environment.problem('TLS_CLIENT_CA_FILE: set without TLS_PORT.');
    return undefined;
  }
  if (certificateFile === undefined || keyFile === undefined || missing.length > 0) {
    environment.problem(`${missing.join(', ')}: missing; ${TOGETHER.join(', ')} must be set together.`);
    return undefined;
  }
  if (port !== 0 && port === httpPort) environment.problem(`TLS_PORT and PORT are both ${port}; they must differ.`);
  const certificate = environment.file('TLS_CERT_FILE');
  const key = environment.file('TLS_KEY_FILE');
  const clientCa = environment.file('TLS_CLIENT_CA_FILE');
  const isRead = clientCaFile === undefined || clientCa !== undefined;
  if (certificate !== undefined && key !== undefined && isRead) {
    for (const problem of problemsOfTlsFiles({ certificate, key, clientCa })) environment.problem(problem);
  }
  return { port, certificateFile, keyFile, clientCaFile };
}

export function readClientCertHeader(
  environment: Environment,
  trustedProxies: readonly string[],
): CertificateHeaderForm | undefined {
  const form = environment.choice('CLIENT_CERT_HEADER', ['none', ...CERTIFICATE_HEADER_FORMS], 'none');
  if (form === 'none') return undefined;
  if (trustedProxies.length === 0) {
    environment.problem('CLIENT_CERT_HEADER: set without TRUSTED_PROXIES, so that nobody could send the header.');
  }
  return form;
}
