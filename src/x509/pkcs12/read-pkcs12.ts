import type { KeyObject, X509Certificate } from 'node:crypto';

import { reading } from '../der/reading.js';
import { isSupported, isSupportedMac } from './algorithms.js';
import { certificateIn } from './bags.js';
import { type Certificates, type KeyWithCertificates, latest, pairKeys } from './choose-leaf.js';
import { isConsistentKey } from './is-consistent-key.js';
import { decryptedBags, type OpenedPfx, openKeys, openPfx } from './open-pkcs12.js';
import { orderChain } from './order-chain.js';
import { type Pfx, readPfx } from './pfx.js';
import {
  MAX_ITERATIONS,
  type Pkcs12Leaf,
  type Pkcs12Refusal,
  type Pkcs12Result,
  refuse,
  refuseAlgorithm,
  refuseSeveralKeys,
  refuseUnreadable,
} from './pkcs12-result.js';

interface OpenedPkcs12 {
  readonly leaf: X509Certificate;
  readonly others: readonly X509Certificate[];
  readonly privateKey: KeyObject;
}

/**
 * Opens a PKCS#12 file (RFC 7292). Our own reader checks structure, algorithms and iteration counts; then OpenSSL
 * derives keys, verifies and decrypts. This blocks for as long as the iteration counts require, so it runs in a
 * separate process: `keystores/pkcs12-reader.ts`. RC2, RC4 and DES need `--openssl-legacy-provider` there. Never
 * throws, whatever the input is.
 *
 * @param password - undefined if the file has none, which software treats as an empty or as no password
 * @param now - if the key has several certificates, one that is valid at this time is the leaf
 */
export function readPkcs12(file: Buffer, password: string | undefined, now: Date): Pkcs12Result {
  const opened = openPkcs12(file, password, now);
  if ('problem' in opened) return opened;
  const { leaf, others, privateKey } = opened;
  return {
    ok: true,
    leaf: leaf.raw,
    chain: orderChain(leaf, others).map(({ raw }) => raw),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
}

/** Like `readPkcs12`, with the same refusals, but does not export the private key. */
export function readPkcs12Leaf(file: Buffer, password: string | undefined, now: Date): Pkcs12Result<Pkcs12Leaf> {
  const opened = openPkcs12(file, password, now);
  return 'problem' in opened ? opened : { ok: true, leaf: opened.leaf.raw };
}

function openPkcs12(file: Buffer, password: string | undefined, now: Date): OpenedPkcs12 | Pkcs12Refusal {
  const { value: pfx } = reading(() => readPfx(file));
  if (pfx === undefined) return refuseUnreadable(file);
  const refusal = checkDeclaredParameters(pfx);
  if (refusal !== undefined) return refusal;
  const opened = openPfx(pfx, password);
  return 'problem' in opened ? opened : select(opened, now);
}

function checkDeclaredParameters({ protections, macAlgorithm }: Pfx): Pkcs12Refusal | undefined {
  const counts = protections.flatMap(({ iterations }) => iterations);
  if (counts.some((count) => count > MAX_ITERATIONS)) return refuse('tooManyIterations');
  const unsupported =
    protections.flatMap(({ algorithms }) => algorithms).find((oid) => !isSupported(oid)) ??
    [macAlgorithm].find((oid) => oid !== undefined && !isSupportedMac(oid));
  return unsupported === undefined ? undefined : refuseAlgorithm(unsupported);
}

function select(opened: OpenedPfx, now: Date): OpenedPkcs12 | Pkcs12Refusal {
  const { certificates } = opened;
  const keys = openKeys(opened);
  if ('problem' in keys) return keys;
  if (keys.length === 0) return refuse('noPrivateKey');
  if (certificates.length === 0) return refuse('noCertificate');
  const [key, ...more] = pairKeys(keys, certificates);
  if (more.length > 0) return refuseSeveralKeys(more.length + 1);
  if (key === undefined || !isConsistentKey(key.privateKey)) return refuse('keyDoesNotMatch');
  const leaf = latest(certificatesWithLocalKeyId(key, opened), now);
  const others = certificates.toSpliced(certificates.indexOf(leaf), 1);
  return { leaf, others, privateKey: key.privateKey };
}

/** The certificates with the local key ID of the key, or all certificates of the key if none has it. */
function certificatesWithLocalKeyId(
  { certificates, localKeyIds }: KeyWithCertificates,
  { pfx, password }: OpenedPfx,
): Certificates {
  if (certificates.length === 1 || localKeyIds.length === 0) return certificates;
  const bags = [...pfx.bags, ...decryptedBags(pfx, password)].filter(
    ({ localKeyId }) => localKeyId !== undefined && localKeyIds.some((id) => id.equals(localKeyId)),
  );
  const [first, ...more] = certificates.filter(({ raw }) => bags.some((bag) => certificateIn(bag)?.equals(raw)));
  return first === undefined ? certificates : [first, ...more];
}
