import { afterAll, beforeAll, expect, test } from 'vitest';

import { Tag } from '../../src/x509/der/tag.js';
import { certificateOf, distinguishedName } from '../support/der.js';
import { Fixture } from '../support/fixture.js';
import { codesOf, send } from '../support/http.js';
import { privateKeyPem } from '../support/keys.js';
import { issueCertificate } from '../support/pki.js';

let fixture: Fixture;
let credential: string;
let before: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
  before = await fixture.stored();
});

afterAll(async () => await fixture.app.close());

const MEMBERS = ['code', 'field', 'message', 'requestId'];

const block = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;

async function messageFor(certificate: string): Promise<string> {
  const answer = await fixture.patch(credential, { certificate });
  expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
  expect(answer.body.errors[0].field).toBe('certificate');
  const created = await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body: { certificate } });
  expect([created.status, created.body.errors[0].message]).toEqual([422, answer.body.errors[0].message]);
  expect(await fixture.stored()).toBe(before);
  // No part of the input is in the answer.
  for (const { body } of [answer, created]) expect(Object.keys(body.errors[0]).toSorted()).toEqual(MEMBERS);
  return answer.body.errors[0].message as string;
}

test('2.9 input other than one readable certificate is refused, each fault with its own message', async () => {
  const issued = await issueCertificate({ subject: 'CN=other' });
  const { pem, der } = issued;
  const [, body = ''] = pem.split('\n', 2);
  const key = await privateKeyPem(issued.keys.privateKey);
  const messages = [];
  for (const text of [
    '',
    '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
    key,
    pem + key,
    pem + pem,
    pem.replace(body, `!${body}`),
    pem.replace('-----END CERTIFICATE-----', ''),
    block(Buffer.concat([der, Buffer.from([0])])),
    block(der.subarray(0, -1)),
    `${' '.repeat(65_536)}${pem}`,
  ]) {
    messages.push(await messageFor(text));
  }
  expect(messages).toMatchInlineSnapshot(`
    [
      "The text contains no certificate block (-----BEGIN CERTIFICATE-----).",
      "The certificate block is not valid base64.",
      "The text contains or mentions a private key, which must never be sent; send only the certificate block.",
      "The text contains or mentions a private key, which must never be sent; send only the certificate block.",
      "The text contains more than one certificate; send exactly one.",
      "The certificate block is not valid base64.",
      "The END line of the certificate block is missing.",
      "There is data after the end of the certificate; remove it: openssl x509 -in FILE -out NEWFILE.",
      "The data is not a well-formed X.509 certificate.",
      "The text is longer than 64 KiB.",
    ]
  `);
});

test('2.9 a private key beside a certificate is refused in any form, and is neither answered nor logged', async () => {
  const { pem, keys } = await issueCertificate({ subject: 'CN=with its key' });
  const label = await privateKeyPem(keys.privateKey);
  const lines = label.trimEnd().split('\n').slice(1, -1);
  const secret = lines.join('');
  const forms = [
    label,
    label.toLowerCase().replace(/\n[^-]+\n/, `\n${lines.join('\n')}\n`),
    label.replaceAll(' PRIVATE', '  PRIVATE'),
    label.replaceAll('KEY-----', 'KEY-----   '),
    label.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'),
    label.replaceAll('-----', '----'),
    label.replaceAll('PRIVATE KEY', 'DATA'),
    lines.join('\n'),
    `key=${secret}`,
    Buffer.from(secret, 'base64').toString('base64url'),
  ];
  const logged = fixture.app.log.length;
  for (const form of forms) {
    for (const text of [pem + form, `${form}\n${pem}`]) {
      expect(await messageFor(text)).toContain('private key');
    }
  }
  const fragment = secret.slice(40, 72);
  expect(fixture.app.log.slice(logged).join('\n')).not.toContain(fragment);
  const stored: unknown = await fixture.app.dataSource.query('select t::text from audit_events t');
  expect(JSON.stringify(stored)).not.toContain(fragment);
});

test('2.9 text around the block, CRLF, a BOM and line breaks are removed', async () => {
  const { pem, der } = await issueCertificate({ subject: 'CN=wrapped' });
  const path = await fixture.register('wrapped', {
    certificate: `\ufeffsubject=wrapped\r\n${pem.replaceAll('\n', '\r\n')}\r\nbye`,
  });
  const answer = await fixture.read(path);
  expect(answer.body.certificate).toBe(pem);
  expect((await fixture.patch(path, { certificate: block(der) })).body.version).toBe(1);
  before = await fixture.stored();
});

test('2.9 a malformed extension is accepted as a finding, which a policy evaluates', async () => {
  const extensions = { other: [{ oid: '2.5.29.15', critical: true, value: '0500' }] };
  const certificate = await fixture.pem('malformed', { extensions });
  expect((await fixture.patch(credential, { certificate })).status).toBe(200);
  const body = { certificate: await fixture.pem('malformed too', { extensions }), policyExtId: 'strict' };
  const strict = await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  expect([strict.status, strict.body.errors[0]]).toMatchObject([
    422,
    { code: 'errors.certificatePolicyViolated', rule: 'wellFormed' },
  ]);
});

test('2.8 a DN of 4,000 characters is stored and read back completely', async () => {
  const subject = [
    { O: ['Acme'] },
    ...Array.from({ length: 40 }, (_, index) => ({ OU: [`${index}`.padEnd(100, 'x')] })),
  ];
  const { pem } = await issueCertificate({ subject });
  const answer = await fixture.patch(credential, { certificate: pem });
  expect(answer.status).toBe(200);
  expect(answer.body.subjectDN.length).toBeGreaterThan(4000);
  expect((await fixture.read(credential)).body).toEqual(answer.body);
});

test('2.8 control and bidirectional characters of a DN are escaped in answers and logs', async () => {
  const evil = 'Jane\u202eeoD\u0007\u2028\u0085\n{"level":30}';
  const der = certificateOf({ subject: distinguishedName([['2.5.4.3', Tag.utf8String, evil]]) });
  const answer = await fixture.patch(credential, { certificate: block(der) });
  expect(answer.status).toBe(200);
  expect(answer.body.subjectDN).toBe('CN=Jane\\E2\\80\\AEeoD\\07\\E2\\80\\A8\\C2\\85\\0A{\\"level\\":30}');
  await fixture.builders.policy('100', 'named', {
    certificateUploadCheck: 'strict',
    certificateUploadCheckSubjectDNElements: 'USER_NAME',
  });
  const body = { policyExtId: 'named', certificate: block(der) };
  const refused = await send(fixture.app, 'POST', fixture.path(), { token: fixture.token, body });
  expect(refused.body.errors[0].rule).toBe('certificateUploadCheckSubjectDNElements');
  for (const text of [JSON.stringify(refused.body), ...fixture.app.log]) {
    // oxlint-disable-next-line no-control-regex -- the characters that must not be there
    expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  }
});

test('2.1, 2.7, 2.8 a read has exactly the members that have a value, each in its documented form', async () => {
  const { pem, certificate } = await issueCertificate({
    subject: [{ C: ['CH'] }, { O: ['Acme AG'] }, { OU: ['IT'] }, { CN: ['Jane Doe'] }],
    serial: '0A1B2C',
    extensions: { subjectKeyIdentifier: '0102ff' },
  });
  const path = await fixture.register('whole', { certificate: pem });
  const sha256 = Buffer.from(await certificate.getThumbprint('SHA-256'))
    .toString('hex')
    .toUpperCase();
  expect((await fixture.read(path)).body).toEqual({
    created: '2026-06-01T12:00:00Z',
    lastModified: '2026-06-01T12:00:00Z',
    version: 1,
    extId: 'whole',
    userExtId: 'helper-7',
    policyExtId: 'default',
    stateName: 'active',
    stateChangeReason: 'initialized',
    successfulLoginCount: 0,
    failedLoginCount: 0,
    type: 'Certificate',
    validity: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
    subjectDN: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH',
    issuerDN: 'CN=Jane Doe,OU=IT,O=Acme AG,C=CH',
    fingerprint: sha256.replace(/..(?!$)/g, '$&:'),
    serial: '0A1B2C',
    subjectKeyIdentifier: '01:02:FF',
    publicKey: { keyType: 'EC:P-256', sha256: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string },
    signatureAlgorithm: 'ecdsa-with-SHA256',
    certificate: pem,
  });
});

test('2.2 external ids are compared byte by byte, are unique in the client, and are generated as UUIDs', async () => {
  await fixture.register('Case/1');
  await fixture.register('case/1');
  await fixture.builders.user('100', 'helper-8');
  const taken = await send(fixture.app, 'POST', fixture.path('helper-8'), {
    token: fixture.token,
    body: { extId: 'case/1', certificate: await fixture.pem('taken') },
  });
  expect([taken.status, taken.body.errors[0]]).toMatchObject([422, { code: 'errors.duplicateValue', field: 'extId' }]);
  const generated = await send(fixture.app, 'POST', fixture.path(), {
    token: fixture.token,
    body: { certificate: await fixture.pem('generated') },
  });
  expect(generated.body.extId).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(generated.headers.get('location')).toBe(`${fixture.path()}/${generated.body.extId}`);
  expect((await fixture.read(`${fixture.path()}/case%2F1`)).body.extId).toBe('case/1');
});
