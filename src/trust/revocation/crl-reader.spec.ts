import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { authority, endEntity } from '../../../test/support/signed-certificate.js';
import { crlDer, crlExtensions, revoked } from '../../../test/support/signed-crl.js';
import { CrlReader } from './crl-reader.js';

const folder = join(import.meta.dirname, '..', '..', '..');
/** The output of `npm run build`, as Node cannot run the sources. */
const BUILT = join(folder, 'dist', 'src', 'trust', 'revocation', 'crl-reader-program.js');
const ENDING = join(folder, 'test', 'support', 'ending-crl-reader.mjs');

const root = authority('Root');
const other = authority('Other');
const leaf = endEntity(root);

function readerOf(program: string, timeLimitMs = 20_000): CrlReader {
  const reader = new CrlReader({ program, timeLimitMs });
  onTestFinished(async () => await reader.close());
  return reader;
}

const read = async (reader: CrlReader, bytes: Buffer) => await reader.read('100', () => Promise.resolve(bytes));

test('11.5 what the thread has read is found as if it had been read here', async () => {
  const entries = [
    revoked(leaf, crlExtensions.reason(4)),
    revoked(endEntity(other), crlExtensions.certificateIssuer(other)),
  ];
  const der = crlDer(root, { number: 7, entries, extensions: [crlExtensions.issuingPoint({ flags: [4] })] });
  const result = await read(readerOf(BUILT), Buffer.from(der));
  const crl = result?.value?.crl;
  expect([result?.value?.der.equals(der), crl?.number]).toEqual([true, 7n]);
  expect(crl?.find(crl.issuerKey, leaf.certificate.structure.serialNumber)).toMatchObject({ reason: 'superseded' });
  const [, second] = entries;
  expect(second).toBeDefined();
  expect(crl?.structure.entries?.namesIssuers).toBe(true);
});

test('11.5 what cannot be read is said, and the next CRL is read', async () => {
  const reader = readerOf(BUILT);
  expect(await read(reader, Buffer.from('x'))).toEqual({
    value: undefined,
    problems: ['the CRL is missing or has a wrong type'],
  });
  expect((await read(reader, crlDer(root)))?.value).toBeDefined();
  expect(await reader.read('100', () => Promise.resolve(undefined))).toBeUndefined();
});

test.each(['end', 'grow'])(
  '11.5 a thread that ends (%s) is 503 for its caller, and the next CRL is read by a new one',
  async (how) => {
    const reader = readerOf(ENDING);
    await expect(read(reader, Buffer.from(how))).rejects.toMatchObject({ code: 'errors.unavailable' });
    expect((await read(reader, Buffer.from('answer')))?.problems).toEqual(['answered']);
  },
);

test('11.5 a thread that takes too long is ended', async () => {
  const reader = readerOf(ENDING, 500);
  await expect(read(reader, Buffer.from('hang'))).rejects.toMatchObject({ code: 'errors.unavailable' });
  expect((await read(reader, Buffer.from('answer')))?.problems).toEqual(['answered']);
});

test('11.5 the clients take turns', async () => {
  const reader = readerOf(BUILT);
  const order: string[] = [];
  const from = async (client: string, name: string) =>
    await reader.read(client, () => {
      order.push(name);
      return Promise.resolve(crlDer(root));
    });
  await Promise.all([from('a', 'a1'), from('a', 'a2'), from('a', 'a3'), from('b', 'b1')]);
  expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
});

test('a missing program is an error', async () => {
  await expect(read(readerOf(`${ENDING}.absent`), crlDer(root))).rejects.toThrow('Cannot find module');
});
