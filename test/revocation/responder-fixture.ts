import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { toPem } from '../../src/x509/certificate/pem.js';
import { productionParameters } from '../../src/x509/path/path-parameters.js';
import { prepareAnchors } from '../../src/x509/path/prepared-anchors.js';
import { crlSet } from '../../src/x509/revocation/crl-set.js';
import type { Crl } from '../../src/x509/revocation/crl.js';
import { certIdOf, ocspRequest } from '../../src/x509/revocation/ocsp/ocsp-request.js';
import { readOcspResponse } from '../../src/x509/revocation/ocsp/read-ocsp-response.js';
import { RevocationCheck } from '../../src/x509/revocation/revocation-check.js';
import { authority, endEntity, extensions, type Issued, OCSP_SIGNING } from '../support/signed-certificate.js';

const LONG = { notBefore: '200101000000Z', notAfter: '20990101000000Z' };
const signing = [extensions.keyUsage('digitalSignature'), extensions.extendedKeyUsage(OCSP_SIGNING)];

/** A small public key infrastructure, valid whenever the tests run: a responder takes its time from the machine. */
export function responderFixture() {
  const root = authority('Root', LONG);
  const other = authority('Other Root', LONG);
  const issued = (request = {}) => endEntity(root, { ...LONG, ...request });
  const delegate = (issuer: Issued, and: readonly Buffer[]) =>
    endEntity(issuer, { ...LONG, subject: 'OCSP Responder', extensions: [...signing, ...and] });
  return {
    root,
    good: issued(),
    revoked: issued(),
    held: issued(),
    unlisted: issued(),
    withNoCheck: delegate(root, [extensions.ocspNoCheck()]),
    withoutNoCheck: delegate(root, []),
    uncertified: issued({ subject: 'No Responder' }),
    stranger: delegate(other, [extensions.ocspNoCheck()]),
  };
}

export type ResponderFixture = ReturnType<typeof responderFixture>;

/** A folder for the files of a responder, with `name.pem` and `name.key` for each certificate. */
export function writeFixture(certificates: Readonly<Record<string, Issued>>) {
  const folder = mkdtempSync(join(tmpdir(), 'certkeep-ocsp-'));
  const file = (name: string) => join(folder, name);
  for (const [name, { der, keys }] of Object.entries(certificates)) {
    writeFileSync(file(`${name}.pem`), `${toPem(der)}\n`);
    writeFileSync(file(`${name}.key`), keys.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  }
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

export function requestFor(subject: Issued, issuer: Issued): Buffer {
  return ocspRequest(certIdOf(subject.certificate, issuer.certificate));
}

/** `good`, `revoked` with the reason, or the code of the cause. */
export function evaluate(
  subject: Issued,
  root: Issued,
  der: Buffer,
  options: { crls?: Crl[]; at?: Date } = {},
): string {
  const { value, problems } = readOcspResponse(der);
  if (value === undefined) return problems.join();
  const check = new RevocationCheck({
    crls: crlSet(options.crls ?? []),
    ocsp: [value],
    mode: 'hard',
    set: prepareAnchors([root.certificate], []),
    parameters: productionParameters(options.at ?? new Date()),
  });
  const status = check.statusOf([subject.certificate, root.certificate]);
  if (status.status === 'unknown') return status.code;
  return status.status === 'revoked' ? `revoked ${status.reason}` : status.status;
}
