import { describe, expect, it } from 'vitest';

import { hex, objectIdentifier, sequence, tlv } from '../../../test/support/der.js';
import { pkcs12Entries, readPkcs12File } from '../../../test/support/pkcs12-corpus.js';
import {
  dataContent,
  encryptedContent,
  integer,
  macOf,
  nestedBag,
  octets,
  passwordBased,
  pbes2,
  pfxOf,
  shroudedKeyBag,
} from '../../../test/support/pkcs12.js';
import { DerError } from '../der/der-error.js';
import { Tag } from '../der/tag.js';
import { readPfx } from './pfx.js';

const TRIPLE_DES = '1.2.840.113549.1.12.1.3';

const countsOf = (file: Buffer) => readPfx(file).protections.flatMap(({ iterations }) => iterations);
const algorithmsOf = (file: Buffer) => readPfx(file).protections.flatMap(({ algorithms }) => algorithms);
const shrouded = (iterations: number) => shroudedKeyBag(passwordBased(TRIPLE_DES, iterations), Buffer.alloc(8));
const encrypted = (iterations: number) => encryptedContent(pbes2({ iterations }), Buffer.alloc(16));

describe('what is read before any key is derived', () => {
  it('PKCS#12: the iteration counts of the MAC, of every encrypted content and every encrypted key', () => {
    const file = pfxOf(
      [encrypted(1), dataContent(shrouded(2), nestedBag(nestedBag(shrouded(3)))), encrypted(4)],
      macOf(5),
    );
    expect(countsOf(file)).toEqual([5, 1, 2, 3, 4]);
  });

  it.each([
    [1, 1],
    [127, 127],
    [128, 128],
    [600_000, 600_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, Infinity],
    [2 ** 48, Infinity],
  ])('PKCS#12: a count of %d reads as %d', (written, read) => {
    expect(countsOf(pfxOf([], macOf(written)))).toEqual([read]);
  });

  it('PKCS#12: without a count in the MAC there is one iteration', () => {
    const mac = sequence(
      sequence(sequence(objectIdentifier('1.3.14.3.2.26')), octets(Buffer.alloc(20))),
      octets(hex('01')),
    );
    expect(readPfx(pfxOf([], mac))).toMatchObject({ macAlgorithm: '1.3.14.3.2.26', protections: [{ iterations: [] }] });
  });

  it('PKCS#12: all algorithms are listed, including those inside PBES2', () => {
    expect(algorithmsOf(pfxOf([encrypted(1), dataContent(shrouded(1))], macOf(1)))).toEqual([
      '1.3.14.3.2.26',
      '1.2.840.113549.1.5.13',
      '1.2.840.113549.1.5.12',
      '1.2.840.113549.2.9',
      '2.16.840.1.101.3.4.1.2',
      TRIPLE_DES,
    ]);
  });

  it('PKCS#12: a content of another type is listed', () => {
    const enveloped = sequence(objectIdentifier('1.2.840.113549.1.7.3'), tlv(0xa0, sequence()));
    expect(algorithmsOf(pfxOf([enveloped]))).toEqual(['1.2.840.113549.1.7.3']);
    expect(algorithmsOf(sequence(integer(3), sequence(objectIdentifier('1.2.840.113549.1.7.2'), tlv(0xa0))))).toEqual([
      '1.2.840.113549.1.7.2',
    ]);
  });

  it.each([
    ['no structure', Buffer.from('bytes')],
    ['an empty SEQUENCE', sequence()],
    ['no contents', sequence(integer(3))],
    ['something after the MAC', sequence(integer(3), dataContent(), macOf(1), integer(1))],
    ['a negative count', pfxOf([encryptedContent(withCount(hex('ff')), Buffer.alloc(8))])],
    ['a count of no octets', pfxOf([encryptedContent(withCount(Buffer.alloc(0)), Buffer.alloc(8))])],
    ['a scheme without parameters', pfxOf([encryptedContent(sequence(objectIdentifier(TRIPLE_DES)), Buffer.alloc(8))])],
  ])('PKCS#12: refuses %s', (_, file) => {
    expect(() => readPfx(file)).toThrow(DerError);
  });

  it('PKCS#12: the highest iteration count of each file agrees with other implementations', () => {
    const manifest = new Map(pkcs12Entries.map((entry) => [entry.file, entry.max_iterations]));
    const opened = pkcs12Entries.filter(({ expected }) => expected === 'open').map(({ file }) => file);
    expect(opened.map((file) => [file, Math.max(1, ...countsOf(readPkcs12File(file)))])).toEqual(
      opened.map((file) => [file, manifest.get(file)]),
    );
  });
});

function withCount(content: Buffer): Buffer {
  return sequence(objectIdentifier(TRIPLE_DES), sequence(octets(hex('01')), tlv(Tag.integer, content)));
}
