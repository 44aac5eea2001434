import { createHash, X509Certificate } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { send } from '../support/http.js';
import { issueCertificate, testAuthority } from '../support/pki.js';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

const READ = `select key_type, public_key_sha256, signature_algorithm, subject_alternative_names, key_usage,
  extended_key_usage, authority_key_identifier, described_sha256, not_after from credentials where ext_id = $1`;

const searched = async (extId: string): Promise<unknown> =>
  (await fixture.app.dataSource.query<unknown[]>(READ, [extId]))[0];

function digests(der: Buffer) {
  const key = new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' });
  return {
    public_key_sha256: createHash('sha256').update(key).digest(),
    described_sha256: createHash('sha256').update(der).digest(),
  };
}

test('2.8 a registration and a PATCH with a new certificate write what it is searched by', async () => {
  const authority = await testAuthority();
  const first = await issueCertificate({
    subject: [{ CN: ['Jane'] }],
    issuer: authority,
    extensions: {
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['clientAuth', '1.2.3.4'],
      subjectAlternativeNames: [
        { type: 'email', value: 'Jane@Acme.test' },
        { type: 'dns', value: 'a"b{,}.test' },
      ],
      authorityKeyIdentifier: true,
    },
  });
  const path = await fixture.register('searched', { certificate: first.pem });
  const written = {
    key_type: 'EC:P-256',
    signature_algorithm: 'ecdsa-with-SHA256',
    subject_alternative_names: ['email:jane@acme.test', 'dns:a"b{,}.test'],
    key_usage: ['digitalSignature'],
    extended_key_usage: ['1.3.6.1.5.5.7.3.2', '1.2.3.4'],
    authority_key_identifier: expect.any(Buffer) as Buffer,
    not_after: new Date('2027-01-01T00:00:00Z'),
    ...digests(first.der),
  };
  expect(await searched('searched')).toEqual(written);

  const second = await issueCertificate({ subject: [{ CN: ['Jane'] }], keyType: 'Ed25519', extensions: {} });
  const body = { certificate: second.pem };
  const dry = await send(fixture.app, 'PATCH', `${path}?dryRun=true`, { token: fixture.token, body });
  expect(dry.status).toBe(200);
  expect((await fixture.patch(path, { modificationComment: 'the same certificate' })).status).toBe(200);
  expect(await searched('searched')).toEqual(written);

  expect((await fixture.patch(path, body)).status).toBe(200);
  expect(await searched('searched')).toEqual({
    key_type: 'Ed25519',
    signature_algorithm: 'ED25519',
    subject_alternative_names: null,
    key_usage: null,
    extended_key_usage: null,
    authority_key_identifier: null,
    not_after: new Date('2027-01-01T00:00:00Z'),
    ...digests(second.der),
  });
});
