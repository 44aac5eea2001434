import { type KeyObject, parsePKCS12, type X509Certificate } from 'node:crypto';

import { encode } from '../der/encode.js';
import { reading } from '../der/reading.js';
import { Oid } from './algorithms.js';
import { type Bag, isKey } from './bags.js';
import type { FileKey } from './choose-leaf.js';
import { decrypt, type Password } from './decrypt.js';
import { passwordCandidates } from './password-candidates.js';
import { type EncryptedPart, type Pfx, pfxOfBags, readDecryptedPart, readPfx, readShroudedKey } from './pfx.js';
import { type Pkcs12Refusal, refuse, refuseAlgorithm } from './pkcs12-result.js';

/** The contents of a file as read by OpenSSL, and the password that opens it. */
export interface OpenedPfx {
  readonly pfx: Pfx;
  readonly password: Password;
  readonly firstKey: KeyObject | undefined;
  /** In the order of the file, except that the certificate of the first key comes first. */
  readonly certificates: readonly X509Certificate[];
}

export function openPfx(pfx: Pfx, password: string | undefined): OpenedPfx | Pkcs12Refusal {
  let refusal = refuse('wrongPassword');
  for (const candidate of passwordCandidates(password)) {
    const opened = openWith(pfx, candidate);
    if (!('problem' in opened) || opened.problem === 'unsupportedAlgorithm') return opened;
    // The MAC may verify while the rest decrypts to garbage, if only the MAC uses the password in this form.
    if (opened.problem === 'corruptFile') refusal = opened;
  }
  return refusal;
}

function openWith(pfx: Pfx, password: Password): OpenedPfx | Pkcs12Refusal {
  const opened = tryPassword(pfx, password);
  if (!('problem' in opened) || pfx.macAlgorithm !== undefined || !isEmpty(password)) return opened;
  // Without a MAC, OpenSSL treats an empty password as no password.
  const plain = withoutEncryption(pfx, '');
  const plainOpened = plain === undefined ? opened : tryPassword(plain, undefined);
  return 'problem' in plainOpened ? opened : plainOpened;
}

const isEmpty = (password: Password): boolean => password === undefined || password.length === 0;

function tryPassword(pfx: Pfx, password: Password): OpenedPfx | Pkcs12Refusal {
  try {
    const parsed = parsePKCS12(pfx.der, password === undefined ? {} : { passphrase: password });
    const { privateKey, certificate, additionalCertificates } = parsed;
    return {
      pfx,
      password,
      firstKey: privateKey ?? undefined,
      certificates: certificate === null ? additionalCertificates : [certificate, ...additionalCertificates],
    };
  } catch (error) {
    return explain(error, pfx);
  }
}

/** The structure is valid, so either the password is wrong, or the content decrypted with the right one is invalid. */
function explain(error: unknown, pfx: Pfx): Pkcs12Refusal {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_CRYPTO_UNSUPPORTED_OPERATION') return refuseAlgorithm(undefined);
  if (code === 'ERR_OSSL_PKCS12_MAC_VERIFY_FAILURE' || code === 'ERR_OSSL_BAD_DECRYPT') return refuse('wrongPassword');
  // Without a MAC, only the padding reveals a wrong password, and one in 256 passes.
  return refuse(pfx.macAlgorithm === undefined && pfx.protections.length > 0 ? 'wrongPassword' : 'corruptFile');
}

/**
 * All private keys of a file. OpenSSL returns only the first one, so if there are several, each is put into a separate
 * file.
 */
export function openKeys({ pfx, password, firstKey }: OpenedPfx): readonly FileKey[] | Pkcs12Refusal {
  if (firstKey === undefined) return [];
  const unencrypted = pfx.bags.filter(isKey);
  const bags = unencrypted.length > 0 ? unencrypted : decryptedBags(pfx, password).filter(isKey);
  if (bags.length < 2) return [{ privateKey: firstKey, localKeyIds: localKeyIdsOf(bags) }];
  const keys: FileKey[] = [];
  for (const bag of bags) {
    const opened = openWith(readPfx(pfxOfBags([bag.der])), password);
    if ('problem' in opened) return opened;
    if (opened.firstKey !== undefined) keys.push({ privateKey: opened.firstKey, localKeyIds: localKeyIdsOf([bag]) });
  }
  return keys;
}

function localKeyIdsOf(bags: readonly Bag[]): Buffer[] {
  return bags.flatMap(({ localKeyId }) => (localKeyId === undefined ? [] : [localKeyId]));
}

/** The bags in encrypted parts; parts that cannot be decrypted here are skipped. */
export function decryptedBags({ encryptedParts }: Pfx, password: Password): Bag[] {
  // OpenSSL does not report whether the empty password or no password opened the file.
  const candidates = isEmpty(password) ? [undefined, ''] : [password];
  return encryptedParts.flatMap(
    (part) => candidates.map((candidate) => bagsIn(part, candidate)).find((bags) => bags !== undefined) ?? [],
  );
}

function bagsIn(part: EncryptedPart, password: Password): Bag[] | undefined {
  const plain = decrypt(part, password);
  return plain && reading(() => readDecryptedPart(plain)).value;
}

/** The same bags in a file without encryption; undefined if one of its keys cannot be decrypted. */
function withoutEncryption(pfx: Pfx, password: Password): Pfx | undefined {
  return reading(() => {
    const bags = [...pfx.bags, ...decryptedBags(pfx, password)].map((bag) => withPlainKey(bag, password));
    return bags.every((bag) => bag !== undefined) ? readPfx(pfxOfBags(bags)) : undefined;
  }).value;
}

function withPlainKey(bag: Bag, password: Password): Buffer | undefined {
  if (bag.type !== Oid.shroudedKeyBag) return bag.der;
  const key = decrypt(readShroudedKey(bag), password);
  return key && encode(0x30, Buffer.concat([KEY_BAG, encode(0xa0, key), bag.attributes]));
}

/** The encoded `Oid.keyBag`. */
const KEY_BAG = Buffer.from('060b2a864886f70d010c0a0101', 'hex');
