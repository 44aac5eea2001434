import { createHash } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CertificateResource } from '../../src/certificates/certificate-resource.js';
import { isoTime, signedSerial, withAddedEscapes } from '../../src/conformance/certificate-fields.js';
import { startApp, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Entry, ofClass, pemOf } from '../support/corpus.js';
import { CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

const CERTIFICATES = `${CORE}/100/users/helper-7/certificates`;
const CERTIFICATE = `${CERTIFICATES}/cert-1`;

let app: TestApp;
let token: string;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
  await builders.user('100', 'helper-7');
  token = await app.token();
  const { pem } = await issueCertificate({ subject: 'CN=first' });
  await send(app, 'POST', CERTIFICATES, { token, body: { extId: 'cert-1', certificate: pem } });
});

afterAll(async () => await app.close());

const patch = async (entry: Entry) =>
  await send(app, 'PATCH', CERTIFICATE, { token, body: { certificate: pemOf(entry) } });

const hex = (colons: string | undefined) => colons?.replaceAll(':', '').toLowerCase() ?? null;

test('X4 2.8 every well-formed certificate from other projects is stored, and its fields agree with other parsers', async () => {
  const entries = ofClass('wellformed');
  expect(entries.length).toBeGreaterThanOrEqual(60);
  for (const entry of entries) {
    const patched = await patch(entry);
    expect(patched.status, `${entry.file}: ${JSON.stringify(patched.body)}`).toBe(200);
    const body = (await send(app, 'GET', CERTIFICATE, { token })).body as CertificateResource;
    expect(body, entry.file).toEqual(patched.body);
    const { expected } = entry;
    if (expected === undefined) continue;
    const der = Buffer.from(body.certificate.replaceAll(/-----[A-Z ]+-----|\n/g, ''), 'base64');
    expect(createHash('sha256').update(der).digest('hex'), entry.file).toBe(expected.der_sha256);
    expect(hex(body.fingerprint), entry.file).toBe(expected.der_sha256);
    expect(body.validity.from, entry.file).toBe(isoTime(expected.not_before_raw).replace('.000Z', 'Z'));
    if (expected.pyca !== null) expect(signedSerial(body.serial ?? ''), entry.file).toBe(expected.pyca.serial);
    if (expected.openssl36_subject === null || expected.openssl36_issuer === null) continue;
    expect([body.subjectDN ?? '', body.issuerDN ?? '', hex(body.subjectKeyIdentifier)], entry.file).toEqual([
      withAddedEscapes(expected.openssl36_subject),
      withAddedEscapes(expected.openssl36_issuer),
      expected.openssl36_ski,
    ]);
  }
});

test('2.9 no malformed certificate is stored; one that parsers disagree on is stored or refused with a reason', async () => {
  expect(ofClass('malformed').length).toBeGreaterThan(0);
  for (const entry of [...ofClass('malformed'), ...ofClass('disputed')]) {
    const before: unknown = (await send(app, 'GET', CERTIFICATE, { token })).body;
    const answer = await patch(entry);
    if (entry.class === 'disputed' && answer.status === 200) continue;
    expect([answer.status, codesOf(answer)], entry.file).toEqual([422, ['errors.invalidData']]);
    expect(answer.body.errors[0], entry.file).toMatchObject({ field: 'certificate' });
    expect((await send(app, 'GET', CERTIFICATE, { token })).body, entry.file).toEqual(before);
  }
});
