import { createPrivateKey, createPublicKey, hash, randomBytes, webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

import { writePkcs12 } from './pkcs12-file.js';

x509.cryptoProvider.set(webcrypto);

const DAY_MS = 86_400_000;
const ROOT_DAYS = 3650;
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const RSA_1024 = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;

interface CertificateRequestData {
  readonly commonName: string;
  readonly days: number;
  readonly keys: typeof P256 | typeof RSA_1024;
  readonly usage: x509.ExtendedKeyUsage;
}

type SigningData = Omit<CertificateRequestData, 'keys'> & { readonly publicKey: webcrypto.CryptoKey };

/**
 * Issues the demo's certificates. Its own key is made of a secret, so that every start has the same, and the
 * trust-anchor set of the first start fits.
 */
export class DemoAuthority {
  private readonly name = 'C=CH, O=Acme AG, CN=Acme Demo CA';

  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly now: Date,
  ) {}

  static async create(now: Date, secret: Buffer = randomBytes(32)): Promise<DemoAuthority> {
    return new DemoAuthority(await keysFrom(secret), now);
  }

  /** The certificate of the authority itself. */
  async root(): Promise<string> {
    const certificate = await x509.X509CertificateGenerator.create({
      subject: this.name,
      issuer: this.name,
      serialNumber: '01',
      notBefore: this.now,
      notAfter: new Date(this.now.getTime() + ROOT_DAYS * DAY_MS),
      publicKey: this.keys.publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(this.keys.publicKey),
      ],
    });
    return pem(certificate);
  }

  /** A certificate that passes the strict policy. */
  async good(commonName: string): Promise<string> {
    return await this.issue({ commonName, days: 365, keys: P256, usage: x509.ExtendedKeyUsage.clientAuth });
  }

  /** The same with its private key, so that it can be used for TLS. */
  async goodWithKey(commonName: string): Promise<{ readonly certificate: string; readonly key: string }> {
    const { publicKey, privateKey } = await generateKeys(P256, true);
    const usage = x509.ExtendedKeyUsage.clientAuth;
    const certificate = pem(await this.sign({ commonName, days: 365, publicKey, usage }));
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
    return { certificate, key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n` };
  }

  /** A certificate of another person, for a server, with a far too long validity and a 1024-bit RSA key. */
  async bad(): Promise<string> {
    const usage = x509.ExtendedKeyUsage.serverAuth;
    return await this.issue({ commonName: 'John Roe', days: 825, keys: RSA_1024, usage });
  }

  /** A certificate and its key in a PKCS#12 file. */
  async keyStore(commonName: string, password: string): Promise<Buffer> {
    const { publicKey, privateKey } = await generateKeys(P256, true);
    const usage = x509.ExtendedKeyUsage.clientAuth;
    const certificate = await this.sign({ commonName, days: 365, publicKey, usage });
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
    return writePkcs12(Buffer.from(certificate.rawData), key, password);
  }

  private async issue({ keys, ...wish }: CertificateRequestData): Promise<string> {
    const { publicKey } = await generateKeys(keys);
    return pem(await this.sign({ ...wish, publicKey }));
  }

  private async sign({ commonName, days, publicKey, usage }: SigningData): Promise<x509.X509Certificate> {
    return await x509.X509CertificateGenerator.create({
      subject: `C=CH, O=Acme AG, CN=${commonName}`,
      issuer: this.name,
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      notBefore: this.now,
      notAfter: new Date(this.now.getTime() + days * DAY_MS),
      publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(this.keys.publicKey),
      ],
    });
  }
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

/** PKCS#8 of an Ed25519 key, up to its 32 octets, which may have any value (RFC 8410 section 7). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

async function keysFrom(secret: Buffer): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8, hash('sha256', secret, 'buffer')]),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    privateKey: key.toCryptoKey('Ed25519', false, ['sign']),
    publicKey: createPublicKey(key).toCryptoKey('Ed25519', true, ['verify']),
  };
}

async function generateKeys(
  algorithm: typeof P256 | typeof RSA_1024,
  extractable = false,
): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(algorithm, extractable, ['sign', 'verify']);
}
