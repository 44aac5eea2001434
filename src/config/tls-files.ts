import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

import { readPemList } from '../x509/certificate/pem.js';
import { readCertificate } from '../x509/certificate/read-certificate.js';

/** The contents of the files that the TLS settings name. */
export interface TlsFiles {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly clientCa: Buffer | undefined;
}

export function secureContextOptions({ certificate, key, clientCa }: TlsFiles): SecureContextOptions {
  return { cert: certificate, key, ...(clientCa === undefined ? {} : { ca: clientCa }) };
}

/** What is wrong with the files, each with the name of its setting; empty if the listener can use them. */
export function problemsOfTlsFiles(files: TlsFiles): readonly string[] {
  const certificate = readLeaf(files.certificate);
  const key = readKey(files.key);
  const problems = [certificate, key].filter((one) => typeof one === 'string');
  const clientCa = files.clientCa === undefined ? undefined : problemOfClientCa(files.clientCa);
  if (clientCa !== undefined) problems.push(clientCa);
  if (typeof certificate !== 'string' && typeof key !== 'string' && !certificate.checkPrivateKey(key)) {
    problems.push(
      'TLS_KEY_FILE: the key is not that of the first certificate in TLS_CERT_FILE. Put the certificate of the server first, or name its key.',
    );
  }
  if (problems.length > 0) return problems;
  try {
    createSecureContext(secureContextOptions(files));
    return [];
  } catch (error) {
    // OpenSSL refuses weak keys, for example. Its reasons are fixed texts.
    const { code } = error as NodeJS.ErrnoException;
    return [
      `TLS_CERT_FILE and TLS_KEY_FILE cannot be used for TLS (${code ?? 'unknown error'}). An EC key (P-256), or an RSA key of 2048 bits, can.`,
    ];
  }
}

/** The certificate of the server is the first one in its file. */
function readLeaf(pem: Buffer): X509Certificate | string {
  try {
    return new X509Certificate(pem);
  } catch {
    return 'TLS_CERT_FILE: the file does not begin with a certificate in PEM.';
  }
}

function readKey(pem: Buffer): KeyObject | string {
  try {
    return createPrivateKey(pem);
  } catch {
    // In both forms of PEM that OpenSSL writes.
    return /ENCRYPTED/.test(pem.toString('latin1'))
      ? 'TLS_KEY_FILE: the private key is encrypted; store it without a passphrase.'
      : 'TLS_KEY_FILE: the file is not a private key in PEM.';
  }
}

function problemOfClientCa(pem: Buffer): string | undefined {
  const list = readPemList(pem.toString('latin1'));
  const ders = list.ok ? list.ders : [];
  return ders.length > 0 && ders.every((der) => readCertificate(der).ok)
    ? undefined
    : 'TLS_CLIENT_CA_FILE: the file must contain certificates in PEM, and no other blocks.';
}
