import { afterAll, beforeAll, expect, test } from 'vitest';

import { codesOf } from '../support/http.js';
import { ACCOUNT, KeyStoreFixture } from '../support/key-store-fixture.js';
import { type Pkcs12Entry, pkcs12Entries, readPkcs12File } from '../support/pkcs12-corpus.js';

let fixture: KeyStoreFixture;

beforeAll(async () => {
  fixture = await KeyStoreFixture.start();
});

afterAll(async () => await fixture.app.close());

/** A key store has one key and a certificate. */
const usable = pkcs12Entries.filter(({ expected, keys, certs }) => expected === 'open' && keys === 1 && certs?.length);
const others = pkcs12Entries.filter((entry) => !usable.includes(entry) && entry.expected !== 'exotic');

const withPassword = ({ password }: Pkcs12Entry) => (password === null ? {} : { password });

const upload = async (entry: Pkcs12Entry) =>
  await fixture.sendForm('POST', `${fixture.path()}/by-file`, {
    file: readPkcs12File(entry.file),
    certificate: JSON.stringify({ name: entry.file, ...withPassword(entry) }),
  });

const testFile = async (entry: Pkcs12Entry) =>
  await fixture.sendForm('POST', `/mtls/account/${ACCOUNT}/p12-test/multipart`, {
    file: readPkcs12File(entry.file),
    ...withPassword(entry),
  });

test('L4, L9 every file from other projects with a key and its certificate passes the test route and is stored', async () => {
  expect(usable.length).toBeGreaterThanOrEqual(47);
  for (const entry of usable) {
    const tested = await testFile(entry);
    expect(tested.status, `${entry.file}: ${JSON.stringify(tested.body)}`).toBe(200);
    const stored = await upload(entry);
    expect(stored.status, `${entry.file}: ${JSON.stringify(stored.body)}`).toBe(201);
    const { expirationDate } = tested.body as { expirationDate: string };
    expect(stored.body, entry.file).toEqual({
      successfulySavedCertificates: [expect.objectContaining({ name: entry.file, expirationDate })],
      failedSaveToVaultCertificates: [],
    });
  }
});

test('L4, L9 a broken file, or one without a key or certificate, is 422 with the reason, and nothing is stored', async () => {
  expect(others.length).toBeGreaterThan(0);
  const before: unknown = (await fixture.send('GET', fixture.path())).body;
  for (const entry of others) {
    const [tested, stored] = [await testFile(entry), await upload(entry)];
    for (const answer of [tested, stored]) {
      expect([answer.status, codesOf(answer)], entry.file).toEqual([422, ['errors.invalidData']]);
    }
    const { field, message } = stored.body.errors[0] as { field: string; message: string };
    expect(['file', 'password'], entry.file).toContain(field);
    expect(tested.body.errors[0], entry.file).toMatchObject({ field, message });
  }
  expect((await fixture.send('GET', fixture.path())).body).toEqual(before);
});
