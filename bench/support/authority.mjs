import { webcrypto } from 'node:crypto';

import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const NOW = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };

/** A certificate with a key of its own. Without an issuer it is self-signed. `members`: validity or serial number. */
export async function issue(name, issuer, isCa, members = NOW) {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const signer = issuer?.keys ?? keys;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    ...NOW,
    ...members,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: ECDSA,
    extensions: [
      new x509.KeyUsagesExtension(
        isCa ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign : x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      ...(isCa
        ? [new x509.BasicConstraintsExtension(true, undefined, true)]
        : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  return { keys, certificate, der: Buffer.from(certificate.rawData), pem: certificate.toString('pem') };
}

export async function crlOf({ keys, certificate }, serialNumbers) {
  const crl = await x509.X509CrlGenerator.create({
    issuer: certificate.subject,
    thisUpdate: new Date(Date.now() - 60_000),
    nextUpdate: NOW.notAfter,
    signingKey: keys.privateKey,
    signingAlgorithm: ECDSA,
    entries: serialNumbers.map((serialNumber) => ({ serialNumber, revocationDate: NOW.notBefore })),
  });
  return Buffer.from(crl.rawData);
}

/** That no certificate has. */
const OTHERS = Array.from({ length: 100 }, (_, index) => (0x10_00 + index).toString(16));

/**
 * Creates the trust-anchor set `bench-set`, of a root and an issuing CA with a CRL each, and returns the issuing CA.
 * `request`: sends a body to a path of the client.
 */
export async function createTrustSet(request) {
  const root = await issue('Root', undefined, true);
  const issuing = await issue('Issuing', root, true);
  await request('POST', '/trust-anchor-sets', {
    extId: 'bench-set',
    name: 'bench-set',
    anchors: root.pem,
    intermediates: issuing.pem,
  });
  for (const [name, authority] of Object.entries({ root, issuing })) {
    const crl = await crlOf(authority, OTHERS);
    await request('PUT', `/trust-anchor-sets/bench-set/crls/${name}`, crl, 'application/pkix-crl');
  }
  return issuing;
}
