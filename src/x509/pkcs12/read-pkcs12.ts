import { type KeyObject, parsePKCS12, type X509Certificate } from 'node:crypto';

import { DerError } from '../der/der-error.js';
import { isSupported } from './algorithms.js';
import { isWholeKey } from './is-whole-key.js';
import { orderChain } from './order-chain.js';
import { passwordCandidates } from './password-candidates.js';
import { type Pfx, readPfx } from './pfx.js';
import {
  MAX_ITERATIONS,
  type Pkcs12Leaf,
  type Pkcs12Refusal,
  type Pkcs12Result,
  refuse,
  refuseAlgorithm,
} from './pkcs12-result.js';

interface OpenedPkcs12 {
  readonly certificate: X509Certificate;
  readonly additionalCertificates: readonly X509Certificate[];
  readonly privateKey: KeyObject;
}

/**
 * Opens a PKCS#12 file (RFC 7292). Our own reader checks structure, algorithms and iteration counts; then OpenSSL
 * derives, verifies and decrypts, which is why this blocks for as long as the counts demand, and why it belongs in a
 * process of its own: `keystores/pkcs12-reader.ts`. RC2, RC4 and DES need `--openssl-legacy-provider` there.
 * Never throws, whatever the bytes are.
 *
 * @param password - undefined where the file has none, which writers take for the empty password or for none at all.
 */
export function readPkcs12(file: Buffer, password: string | undefined): Pkcs12Result {
  const opened = openPkcs12(file, password);
  if (!opened.ok) return opened;
  const { certificate, additionalCertificates, privateKey } = opened;
  return {
    ok: true,
    leaf: certificate.raw,
    chain: orderChain(certificate, additionalCertificates).map(({ raw }) => raw),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
}

/** As `readPkcs12`, and refuses the same files; the private key stays where it is. */
export function readPkcs12Leaf(file: Buffer, password: string | undefined): Pkcs12Result<Pkcs12Leaf> {
  const opened = openPkcs12(file, password);
  return opened.ok ? { ok: true, leaf: opened.certificate.raw } : opened;
}

function openPkcs12(file: Buffer, password: string | undefined): Pkcs12Result<OpenedPkcs12> {
  const pfx = readPfxOrUndefined(file);
  if (pfx === undefined) return refuse('corruptFile');
  const refusal = judge(pfx);
  if (refusal !== undefined) return refusal;
  const parsed = parse(pfx, password);
  if ('ok' in parsed) return parsed;
  const { privateKey, certificate, additionalCertificates } = parsed;
  if (privateKey === null) return refuse('noPrivateKey');
  if (certificate === null) {
    return refuse(additionalCertificates.length === 0 ? 'noCertificate' : 'keyDoesNotMatch');
  }
  if (!isWholeKey(privateKey)) return refuse('keyDoesNotMatch');
  return { ok: true, certificate, additionalCertificates, privateKey };
}

function readPfxOrUndefined(file: Buffer): Pfx | undefined {
  try {
    return readPfx(file);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function judge({ protections }: Pfx): Pkcs12Refusal | undefined {
  const counts = protections.flatMap(({ iterations }) => iterations);
  if (counts.some((count) => count > MAX_ITERATIONS)) return refuse('tooManyIterations');
  const unsupported = protections.flatMap(({ algorithms }) => algorithms).find((oid) => !isSupported(oid));
  return unsupported === undefined ? undefined : refuseAlgorithm(unsupported);
}

function parse(pfx: Pfx, password: string | undefined): ReturnType<typeof parsePKCS12> | Pkcs12Refusal {
  let refusal = refuse('wrongPassword');
  for (const passphrase of passwordCandidates(password)) {
    try {
      return parsePKCS12(pfx.der, passphrase === undefined ? {} : { passphrase });
    } catch (error) {
      const reason = explain(error, pfx);
      if (reason.problem === 'unsupportedAlgorithm') return reason;
      // The MAC may be right and the rest garbage, because only the former takes the password in this form.
      if (reason.problem === 'corruptFile') refusal = reason;
    }
  }
  return refusal;
}

/** The structure was sound, so that what fails is the password, or what was decrypted with the right one. */
function explain(error: unknown, pfx: Pfx): Pkcs12Refusal {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_CRYPTO_UNSUPPORTED_OPERATION') return refuseAlgorithm(undefined);
  if (code === 'ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE' || code === 'ERR_OSSL_BAD_DECRYPT') return refuse('wrongPassword');
  // Without a MAC nothing but the padding tells a wrong password, and one in 256 passes.
  return refuse(!pfx.hasMac && pfx.protections.length > 0 ? 'wrongPassword' : 'corruptFile');
}
