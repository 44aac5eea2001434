import { webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as x509 from '@peculiar/x509';

import { diskProblemOf } from '../common/disk-problem.js';
import { StartError } from '../common/start-error.js';
import { makeFolder } from '../config/make-folder.js';
import { problemsOfTlsFiles } from '../config/tls-files.js';
import type { TlsSettings } from '../config/tls-settings.js';

x509.cryptoProvider.set(webcrypto);

/** If it is taken, another one is used. */
const PORT = 3443;

const DAY_MS = 86_400_000;
const VALID_DAYS = 730;
/** A certificate that ends sooner is replaced at the start. */
const MIN_DAYS = 30;
const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * The TLS listener of the embedded mode, with a certificate for this machine that is made at the first start.
 * `httpPort` 0: any free port.
 */
export async function demoTls(dataDirectory: string, httpPort: number, now: Date): Promise<TlsSettings> {
  const folder = join(dataDirectory, 'tls');
  const [certificateFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  if (!isUsable(certificateFile, keyFile, now)) {
    const { certificate, key } = await issue(now);
    try {
      makeFolder(folder, 0o700);
      writeFileSync(keyFile, key, { mode: 0o600 });
      writeFileSync(certificateFile, certificate);
    } catch (error) {
      const { cause, remedy } = diskProblemOf((error as Error).message);
      throw new StartError(`The certificate for TLS cannot be written to ${folder}: ${cause}. ${remedy}.`, {
        cause: error,
      });
    }
  }
  return { port: httpPort === 0 ? 0 : PORT, certificateFile, keyFile, clientCaFile: undefined };
}

function isUsable(certificateFile: string, keyFile: string, now: Date): boolean {
  try {
    const files = { certificate: readFileSync(certificateFile), key: readFileSync(keyFile), clientCa: undefined };
    const until = new X509Certificate(files.certificate).validToDate.getTime();
    return problemsOfTlsFiles(files).length === 0 && until > now.getTime() + MIN_DAYS * DAY_MS;
  } catch {
    return false;
  }
}

/** Self-signed, so that clients trust it by itself (`curl --cacert`). */
async function issue(now: Date): Promise<{ readonly certificate: string; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=certkeep on this machine',
    notBefore: now,
    notAfter: new Date(now.getTime() + VALID_DAYS * DAY_MS),
    keys,
    signingAlgorithm: P256,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { certificate: `${certificate.toString('pem')}\n`, key: x509.PemConverter.encode(key, 'PRIVATE KEY') + '\n' };
}
