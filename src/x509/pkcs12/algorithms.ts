/** The object identifiers whose parameters are read. */
export const Oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  localKeyId: '1.2.840.113549.1.9.21',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  pbkdf2: '1.2.840.113549.1.5.12',
  pbes2: '1.2.840.113549.1.5.13',
  pbmac1: '1.2.840.113549.1.5.14',
} as const;

/** Schemes that derive key and IV from the password: RFC 7292 appendix C, RFC 8018 appendix A.3. */
export const passwordBasedSchemes: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.12.1.1', 'pbeWithSHAAnd128BitRC4'],
  ['1.2.840.113549.1.12.1.2', 'pbeWithSHAAnd40BitRC4'],
  ['1.2.840.113549.1.12.1.3', 'pbeWithSHAAnd3-KeyTripleDES-CBC'],
  ['1.2.840.113549.1.12.1.4', 'pbeWithSHAAnd2-KeyTripleDES-CBC'],
  ['1.2.840.113549.1.12.1.5', 'pbeWithSHAAnd128BitRC2-CBC'],
  ['1.2.840.113549.1.12.1.6', 'pbeWithSHAAnd40BitRC2-CBC'],
  ['1.2.840.113549.1.5.3', 'pbeWithMD5AndDES-CBC'],
  ['1.2.840.113549.1.5.6', 'pbeWithMD5AndRC2-CBC'],
  ['1.2.840.113549.1.5.10', 'pbeWithSHA1AndDES-CBC'],
  ['1.2.840.113549.1.5.11', 'pbeWithSHA1AndRC2-CBC'],
]);

/** The digests that OpenSSL supports in the MAC of RFC 7292. */
const digests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.4', 'md4'],
  ['1.2.840.113549.2.5', 'md5'],
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.5', 'sha512-224'],
  ['2.16.840.1.101.3.4.2.6', 'sha512-256'],
  ['2.16.840.1.101.3.4.2.7', 'sha3-224'],
  ['2.16.840.1.101.3.4.2.8', 'sha3-256'],
  ['2.16.840.1.101.3.4.2.9', 'sha3-384'],
  ['2.16.840.1.101.3.4.2.10', 'sha3-512'],
  ['1.3.36.3.2.1', 'ripemd160'],
  ['1.3.6.1.4.1.1722.12.2.1.16', 'blake2b512'],
  ['1.3.6.1.4.1.1722.12.2.2.8', 'blake2s256'],
  ['1.0.10118.3.0.55', 'whirlpool'],
  ['1.2.156.10197.1.401', 'sm3'],
]);

/** All other algorithms that OpenSSL supports for opening a file. */
const supportedParts: ReadonlyMap<string, string> = new Map([
  [Oid.pbes2, 'PBES2'],
  [Oid.pbmac1, 'PBMAC1'],
  [Oid.pbkdf2, 'PBKDF2'],
  ['1.2.840.113549.2.7', 'hmacWithSHA1'],
  ['1.2.840.113549.2.8', 'hmacWithSHA224'],
  ['1.2.840.113549.2.9', 'hmacWithSHA256'],
  ['1.2.840.113549.2.10', 'hmacWithSHA384'],
  ['1.2.840.113549.2.11', 'hmacWithSHA512'],
  ['1.2.840.113549.2.12', 'hmacWithSHA512-224'],
  ['1.2.840.113549.2.13', 'hmacWithSHA512-256'],
  ['1.2.840.113549.2.6', 'hmacWithMD5'],
  ['2.16.840.1.101.3.4.2.13', 'hmacWithSHA3-224'],
  ['2.16.840.1.101.3.4.2.14', 'hmacWithSHA3-256'],
  ['2.16.840.1.101.3.4.2.15', 'hmacWithSHA3-384'],
  ['2.16.840.1.101.3.4.2.16', 'hmacWithSHA3-512'],
  ['1.2.840.113549.3.2', 'rc2-cbc'],
  ['1.2.840.113549.3.7', 'des-ede3-cbc'],
  ['1.3.14.3.2.7', 'des-cbc'],
  ['2.16.840.1.101.3.4.1.2', 'aes128-CBC'],
  ['2.16.840.1.101.3.4.1.22', 'aes192-CBC'],
  ['2.16.840.1.101.3.4.1.42', 'aes256-CBC'],
  ['2.16.840.1.101.3.4.1.1', 'aes128-ECB'],
  ['2.16.840.1.101.3.4.1.3', 'aes128-OFB'],
  ['2.16.840.1.101.3.4.1.4', 'aes128-CFB'],
  ['2.16.840.1.101.3.4.1.21', 'aes192-ECB'],
  ['2.16.840.1.101.3.4.1.23', 'aes192-OFB'],
  ['2.16.840.1.101.3.4.1.24', 'aes192-CFB'],
  ['2.16.840.1.101.3.4.1.41', 'aes256-ECB'],
  ['2.16.840.1.101.3.4.1.43', 'aes256-OFB'],
  ['2.16.840.1.101.3.4.1.44', 'aes256-CFB'],
  ['1.2.392.200011.61.1.1.1.2', 'camellia128-cbc'],
  ['1.2.392.200011.61.1.1.1.3', 'camellia192-cbc'],
  ['1.2.392.200011.61.1.1.1.4', 'camellia256-cbc'],
  ['1.2.410.200046.1.1.2', 'aria-128-cbc'],
  ['1.2.410.200046.1.1.7', 'aria-192-cbc'],
  ['1.2.410.200046.1.1.12', 'aria-256-cbc'],
  ['1.2.410.200004.1.4', 'seed-cbc'],
  ['1.2.156.10197.1.104.2', 'sm4-cbc'],
  ['1.2.840.113533.7.66.10', 'cast5-cbc'],
  ['1.3.6.1.4.1.3029.1.2', 'bf-cbc'],
  ...digests,
]);

/** Not supported; the names are only for error messages. */
const unsupported: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.7.2', 'signedData'],
  ['1.2.840.113549.1.7.3', 'envelopedData'],
  ['1.2.840.113549.1.5.1', 'pbeWithMD2AndDES-CBC'],
  ['1.2.840.113549.1.5.4', 'pbeWithMD2AndRC2-CBC'],
  ['1.3.6.1.4.1.11591.4.11', 'scrypt'],
  ['1.2.840.113549.2.2', 'md2'],
  ['1.2.840.113549.3.9', 'rc5-CBC-PAD'],
  ['2.16.840.1.101.3.4.1.6', 'aes128-GCM'],
  ['2.16.840.1.101.3.4.1.26', 'aes192-GCM'],
  ['2.16.840.1.101.3.4.1.46', 'aes256-GCM'],
  ['1.2.643.2.2.21', 'gost28147-89'],
  ['1.2.643.2.2.9', 'gostR3411-94'],
  ['1.2.643.2.2.10', 'hmacWithGostR3411-94'],
  ['1.2.643.7.1.1.2.2', 'gostR3411-2012-256'],
  ['1.2.643.7.1.1.2.3', 'gostR3411-2012-512'],
  ['1.2.643.7.1.1.4.1', 'hmacWithGostR3411-2012-256'],
  ['1.2.643.7.1.1.4.2', 'hmacWithGostR3411-2012-512'],
]);

export function isSupported(algorithm: string): boolean {
  return passwordBasedSchemes.has(algorithm) || supportedParts.has(algorithm);
}

/** Java can be told to write the HMAC itself, as in PBMAC1, where the digest belongs. */
export function isSupportedMac(algorithm: string): boolean {
  return algorithm === Oid.pbmac1 || digests.has(algorithm);
}

/** The dotted OID, and its name if known. */
export function describeAlgorithm(algorithm: string): string {
  const name = unsupported.get(algorithm) ?? supportedParts.get(algorithm) ?? passwordBasedSchemes.get(algorithm);
  return name === undefined ? algorithm : `${algorithm} (${name})`;
}

/** Undefined if OpenSSL does not support it. */
export function nameOf(algorithm: string): string | undefined {
  return supportedParts.get(algorithm);
}
