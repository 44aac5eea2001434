import { webcrypto } from 'node:crypto';

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const SERIAL = '0123456789abcdef0123456789abcdef';
const NUMBER = '0000000000';
const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};

/**
 * Makes any number of certificates, each with its own serial number and subject, by patching one real certificate with
 * the usual extensions of a client certificate. The signature is wrong then, but no
 * server verifies it.
 */
export async function certificateMint() {
  const template = await issueTemplate();
  const serialAt = template.indexOf(Buffer.from(SERIAL, 'hex'));
  const numberAt = template.indexOf(NUMBER, serialAt, 'latin1');
  return {
    der(number) {
      const der = Buffer.from(template);
      der.writeUInt32BE(number, serialAt + 12);
      der.write(String(number).padStart(NUMBER.length, '0'), numberAt, 'latin1');
      return der;
    },
  };
}

export function toPem(der) {
  const lines = der.toString('base64').match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

async function issueTemplate() {
  const authority = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const holder = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: SERIAL,
    issuer: 'C=CH, O=Bench AG, CN=Bench Issuing CA 1',
    subject: `C=CH, O=Bench AG, OU=Users, CN=user ${NUMBER}`,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 365 * 86_400_000),
    publicKey: holder.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.emailProtection]),
      new x509.SubjectAlternativeNameExtension([{ type: 'email', value: 'user@bench.example' }]),
      await x509.SubjectKeyIdentifierExtension.create(holder.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return Buffer.from(certificate.rawData);
}
