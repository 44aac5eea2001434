import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

import { type KeyType, keyPair } from './keys.js';

x509.cryptoProvider.set(webcrypto);

export interface CertificateRequest {
  /** RDNs in the order in which they are encoded, most general first: `C=CH, O=Acme AG, CN=Jane Doe`. */
  readonly subject: x509.X509CertificateCreateParamsName;
  /** The issuer; absent for a self-signed certificate. */
  readonly issuer?: IssuedCertificate;
  readonly keyType?: KeyType;
  /** Used instead of the cached key of `keyType`, where keys must differ. */
  readonly keys?: webcrypto.CryptoKeyPair;
  /** 2026-01-01T00:00:00Z by default. */
  readonly notBefore?: Date | string;
  /** 2027-01-01T00:00:00Z by default. */
  readonly notAfter?: Date | string;
  /** Hexadecimal; random by default. */
  readonly serial?: string;
  /** The digest of the signature; SHA-256 by default, unused for Ed25519. */
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly extensions?: CertificateExtensions;
}

export interface CertificateExtensions {
  readonly subjectAlternativeNames?: x509.JsonGeneralNames;
  readonly keyUsage?: readonly (keyof typeof x509.KeyUsageFlags)[];
  /** Names of RFC 5280 (`clientAuth`) or OIDs. */
  readonly extendedKeyUsage?: readonly string[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  /** true: derived from the key; else hexadecimal. */
  readonly subjectKeyIdentifier?: true | string;
  readonly authorityKeyIdentifier?: true;
  /** Any other extension, with the DER of its value in hexadecimal, also malformed. */
  readonly other?: readonly { readonly oid: string; readonly critical?: boolean; readonly value: string }[];
}

export interface IssuedCertificate {
  readonly pem: string;
  readonly der: Buffer;
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Issues a certificate at run time, so that no certificate in the repository expires. */
export async function issueCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
  const keys = request.keys ?? (await keyPair(request.keyType ?? 'EC-P256'));
  const signer = request.issuer?.keys ?? keys;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: request.subject,
    // The issuer as DER: some names cannot be restored from their text.
    issuer: request.issuer?.certificate.subjectName ?? request.subject,
    serialNumber: request.serial ?? `01${randomBytes(15).toString('hex')}`,
    notBefore: new Date(request.notBefore ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(request.notAfter ?? '2027-01-01T00:00:00Z'),
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: { ...signer.privateKey.algorithm, hash: request.hash ?? 'SHA-256' },
    extensions: await encodeExtensions(request.extensions ?? {}, keys.publicKey, signer.publicKey),
  });
  const der = Buffer.from(certificate.rawData);
  return { pem: `${certificate.toString('pem')}\n`, der, certificate, keys };
}

/** A certification authority with a key of its own. */
export async function testAuthority(
  request: Partial<CertificateRequest> & { readonly name?: string } = {},
): Promise<IssuedCertificate> {
  const { name = 'Test Root CA', ...rest } = request;
  return await issueCertificate({
    subject: [{ C: ['CH'] }, { O: ['Test AG'] }, { CN: [name] }],
    keys: await keyPair(request.keyType ?? 'EC-P256', `authority ${name}`),
    notBefore: '2020-01-01T00:00:00Z',
    notAfter: '2040-01-01T00:00:00Z',
    ...rest,
    extensions: {
      basicConstraints: { ca: true },
      keyUsage: ['keyCertSign', 'cRLSign'],
      subjectKeyIdentifier: true,
      ...rest.extensions,
    },
  });
}

async function encodeExtensions(
  wanted: CertificateExtensions,
  publicKey: webcrypto.CryptoKey,
  issuerKey: webcrypto.CryptoKey,
): Promise<x509.Extension[]> {
  const extensions: x509.Extension[] = [];
  const { basicConstraints, keyUsage, extendedKeyUsage, subjectAlternativeNames, subjectKeyIdentifier } = wanted;
  if (basicConstraints !== undefined) {
    extensions.push(new x509.BasicConstraintsExtension(basicConstraints.ca, basicConstraints.pathLength, true));
  }
  if (keyUsage !== undefined) {
    const bits = keyUsage.reduce((sum, usage) => sum | x509.KeyUsageFlags[usage], 0);
    extensions.push(new x509.KeyUsagesExtension(bits, true));
  }
  if (extendedKeyUsage !== undefined) {
    const named: Partial<Record<string, string>> = x509.ExtendedKeyUsage;
    extensions.push(new x509.ExtendedKeyUsageExtension(extendedKeyUsage.map((usage) => named[usage] ?? usage)));
  }
  if (subjectAlternativeNames !== undefined) {
    extensions.push(new x509.SubjectAlternativeNameExtension(subjectAlternativeNames));
  }
  if (subjectKeyIdentifier === true) extensions.push(await x509.SubjectKeyIdentifierExtension.create(publicKey));
  else if (subjectKeyIdentifier !== undefined) {
    extensions.push(new x509.SubjectKeyIdentifierExtension(subjectKeyIdentifier));
  }
  if (wanted.authorityKeyIdentifier === true) {
    extensions.push(await x509.AuthorityKeyIdentifierExtension.create(issuerKey));
  }
  for (const { oid, critical = false, value } of wanted.other ?? []) {
    extensions.push(new x509.Extension(oid, critical, Buffer.from(value, 'hex')));
  }
  return extensions;
}
