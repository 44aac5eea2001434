import { constants } from 'node:crypto';

import { type AlgorithmIdentifier, readAlgorithmIdentifier } from '../certificate/algorithm-identifier.js';
import type { PublicKeyInfo } from '../certificate/certificate.js';
import { POST_QUANTUM_SIGNATURES } from '../certificate/post-quantum-signatures.js';
import { DerReader, readWhole } from '../der/der-reader.js';
import { readCount } from '../der/primitives.js';
import { reading } from '../der/reading.js';
import { contextConstructed, Tag } from '../der/tag.js';
import type { AlgorithmRules } from './path-parameters.js';

/** How node:crypto checks a signature. */
export interface SignatureScheme {
  /** `PublicKeyInfo.type` of the keys that may make it. */
  readonly keyTypes: readonly string[];
  /** Undefined: the algorithm has no separate digest. */
  readonly digest: string | undefined;
  readonly options: { readonly padding?: number; readonly saltLength?: number };
}

function scheme(keyType: string, digest?: string): SignatureScheme {
  return { keyTypes: [keyType], digest, options: {} };
}

const RSASSA_PSS = '1.2.840.113549.1.1.10';

/** By dotted OID; whatever is not listed is not proven. MD2, MD4 and MD5 are left out on purpose. */
const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map([
  ['1.2.840.113549.1.1.5', scheme('RSA', 'sha1')],
  ['1.3.14.3.2.29', scheme('RSA', 'sha1')],
  ['1.2.840.113549.1.1.14', scheme('RSA', 'sha224')],
  ['1.2.840.113549.1.1.11', scheme('RSA', 'sha256')],
  ['1.2.840.113549.1.1.12', scheme('RSA', 'sha384')],
  ['1.2.840.113549.1.1.13', scheme('RSA', 'sha512')],
  ['1.2.840.113549.1.1.15', scheme('RSA', 'sha512-224')],
  ['1.2.840.113549.1.1.16', scheme('RSA', 'sha512-256')],
  // RFC 9688 section 3.
  ['2.16.840.1.101.3.4.3.13', scheme('RSA', 'sha3-224')],
  ['2.16.840.1.101.3.4.3.14', scheme('RSA', 'sha3-256')],
  ['2.16.840.1.101.3.4.3.15', scheme('RSA', 'sha3-384')],
  ['2.16.840.1.101.3.4.3.16', scheme('RSA', 'sha3-512')],
  ['1.2.840.10045.4.1', scheme('EC', 'sha1')],
  ['1.2.840.10045.4.3.1', scheme('EC', 'sha224')],
  ['1.2.840.10045.4.3.2', scheme('EC', 'sha256')],
  ['1.2.840.10045.4.3.3', scheme('EC', 'sha384')],
  ['1.2.840.10045.4.3.4', scheme('EC', 'sha512')],
  ['2.16.840.1.101.3.4.3.9', scheme('EC', 'sha3-224')],
  ['2.16.840.1.101.3.4.3.10', scheme('EC', 'sha3-256')],
  ['2.16.840.1.101.3.4.3.11', scheme('EC', 'sha3-384')],
  ['2.16.840.1.101.3.4.3.12', scheme('EC', 'sha3-512')],
  ['1.2.840.10040.4.3', scheme('DSA', 'sha1')],
  ['2.16.840.1.101.3.4.3.1', scheme('DSA', 'sha224')],
  ['2.16.840.1.101.3.4.3.2', scheme('DSA', 'sha256')],
  ['2.16.840.1.101.3.4.3.3', scheme('DSA', 'sha384')],
  ['2.16.840.1.101.3.4.3.4', scheme('DSA', 'sha512')],
  ['1.3.101.112', scheme('Ed25519')],
  ['1.3.101.113', scheme('Ed448')],
  ...POST_QUANTUM_SIGNATURES.map(([oid, name]): [string, SignatureScheme] => [oid, scheme(name)]),
]);

/** The digests of RSASSA-PSS (RFC 4055 section 2.1), and the later ones of FIPS 180-4 and 202. */
const PSS_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['2.16.840.1.101.3.4.2.5', 'sha512-224'],
  ['2.16.840.1.101.3.4.2.6', 'sha512-256'],
  ['2.16.840.1.101.3.4.2.7', 'sha3-224'],
  ['2.16.840.1.101.3.4.2.8', 'sha3-256'],
  ['2.16.840.1.101.3.4.2.9', 'sha3-384'],
  ['2.16.840.1.101.3.4.2.10', 'sha3-512'],
]);

/** Undefined if the algorithm is not known, or its parameters cannot be read. */
export function signatureScheme({ algorithm, parameters }: AlgorithmIdentifier): SignatureScheme | undefined {
  if (algorithm !== RSASSA_PSS) return SCHEMES.get(algorithm);
  if (parameters?.tag !== Tag.sequence) return undefined;
  return reading(() => readPssScheme(parameters.inside())).value;
}

/**
 * RFC 4055 section 3.1. OpenSSL takes the digest of the mask from that of the message, so they must be equal, as the
 * section recommends.
 */
function readPssScheme(fields: DerReader): SignatureScheme | undefined {
  const digestField = fields.takeOptional(contextConstructed(0));
  const maskField = fields.takeOptional(contextConstructed(1));
  const saltField = fields.takeOptional(contextConstructed(2));
  const trailerField = fields.takeOptional(contextConstructed(3));
  fields.finish('the parameters of RSASSA-PSS');
  const digest = digestField === undefined ? 'sha1' : readDigest(digestField.inside());
  const maskDigest = maskField === undefined ? 'sha1' : readMaskDigest(maskField.inside());
  const saltLength =
    saltField === undefined ? 20 : readCount(readWhole(saltField.content, Tag.integer, 'the salt length'));
  const trailer =
    trailerField === undefined ? 1 : readCount(readWhole(trailerField.content, Tag.integer, 'the trailer'));
  if (digest === undefined || digest !== maskDigest || trailer !== 1) return undefined;
  return {
    keyTypes: ['RSA', 'RSA-PSS'],
    digest,
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
  };
}

const MGF1 = '1.2.840.113549.1.1.8';

function readMaskDigest(explicit: DerReader): string | undefined {
  const { algorithm, parameters } = readAlgorithmIdentifier(explicit);
  explicit.finish('the mask');
  return algorithm === MGF1 && parameters !== undefined ? readDigest(new DerReader(parameters.bytes)) : undefined;
}

/** RFC 4055 section 2.1: the parameters are NULL or absent. */
function readDigest(explicit: DerReader): string | undefined {
  const { algorithm, parameters } = readAlgorithmIdentifier(explicit);
  explicit.finish('the digest');
  const isPlain = parameters === undefined || (parameters.tag === Tag.null && parameters.length === 0);
  return isPlain ? PSS_DIGESTS.get(algorithm) : undefined;
}

/** SLH-DSA: up to 7 ms, where ECDSA on P-521 takes 2 ms. */
const COSTLY: ReadonlySet<string> = new Set(
  POST_QUANTUM_SIGNATURES.filter(([, name]) => name.startsWith('SLH-DSA')).map(([oid]) => oid),
);
const COSTLY_WEIGHT = 8;

/** How many checks of the budget one check of this signature counts as. */
export function signatureWeight({ algorithm }: AlgorithmIdentifier): number {
  return COSTLY.has(algorithm) ? COSTLY_WEIGHT : 1;
}

/** Why a signature does not count; undefined if it does. */
export function findWeakSignature(signature: AlgorithmIdentifier, rules: AlgorithmRules): string | undefined {
  const found = signatureScheme(signature);
  if (found === undefined) return 'Its signature algorithm is not known, or is too weak.';
  if (found.digest === 'sha1' && !rules.sha1) return 'Its signature uses SHA-1.';
  return undefined;
}

/** Curves with at least the strength of RSA with 2048 bits (NIST SP 800-57) that OpenSSL knows by name. */
const CURVES: ReadonlySet<string | undefined> = new Set([
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'secp256k1',
  'brainpoolP256r1',
  'brainpoolP256t1',
  'brainpoolP320r1',
  'brainpoolP320t1',
  'brainpoolP384r1',
  'brainpoolP384t1',
  'brainpoolP512r1',
  'brainpoolP512t1',
]);

/** Keys that cost nothing to check; a larger one could occupy the server. */
const MAX_RSA_BITS = 8192;
const MAX_DSA_BITS = 3072;

const OTHER_KEY_TYPES: ReadonlySet<string> = new Set([
  'Ed25519',
  'Ed448',
  ...POST_QUANTUM_SIGNATURES.map(([, name]) => name),
]);

/** Why a key does not count; undefined if it does. Looks at its description only, never at a key object. */
export function findWeakKey({ type, bits, curve }: PublicKeyInfo, rules: AlgorithmRules): string | undefined {
  switch (type) {
    case 'RSA':
    case 'RSA-PSS':
      if (bits === undefined) return 'Its RSA key cannot be read.';
      if (bits < rules.minimumRsaBits) return `Its RSA key has fewer than ${rules.minimumRsaBits} bits.`;
      return bits > MAX_RSA_BITS ? `Its RSA key has more than ${MAX_RSA_BITS} bits.` : undefined;
    case 'EC':
      if (curve === undefined) return 'The curve of its key is not named.';
      return CURVES.has(curve) ? undefined : 'The curve of its key is not known, or is too weak.';
    case 'DSA':
      if (!rules.dsa) return 'Its key is a DSA key.';
      return (bits ?? 0) > MAX_DSA_BITS ? `Its DSA key has more than ${MAX_DSA_BITS} bits.` : undefined;
    default:
      return OTHER_KEY_TYPES.has(type) ? undefined : 'The type of its key is not known.';
  }
}
