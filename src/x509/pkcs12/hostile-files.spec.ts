import { describe, expect, it } from 'vitest';

import { readPkcs12File } from '../../../test/support/pkcs12-corpus.js';
import type { Pkcs12Result } from './pkcs12-result.js';
import { readPkcs12 as readAt } from './read-pkcs12.js';

const readPkcs12 = (file: Buffer, password: string | undefined) => readAt(file, password, new Date('2026-01-01'));

/** Files with few iterations, so that thousands of attempts are fast. */
const files = [
  { form: 'PBES2, MAC with SHA-256', file: 'rustcrypto/example2.p12', password: '1234' },
  { form: 'PBMAC1', file: 'openssl/pbmac1_256_256.good.p12', password: '1234' },
  { form: 'several certificates, not encrypted', file: 'pyca/name-2-3-no-pwd.p12', password: undefined },
];

const outcomeOf = (result: Pkcs12Result) => (result.ok ? 'opened' : result.problem);

describe('a damaged file', () => {
  it.each(files)('PKCS#12: a file truncated at any octet is corrupt: $form', ({ file, password }) => {
    const whole = readPkcs12File(file);
    expect(outcomeOf(readPkcs12(whole, password))).toBe('opened');
    for (let length = 0; length < whole.length; length += 1) {
      expect(outcomeOf(readPkcs12(whole.subarray(0, length), password)), `${length} octets`).toBe('corruptFile');
    }
  });

  it.each(files)('PKCS#12: bytes after the file are ignored: $form', ({ file, password }) => {
    const whole = readPkcs12File(file);
    const content = readPkcs12(whole, password);
    for (const more of [Buffer.of(0), Buffer.from('\r\n'), Buffer.alloc(1000), whole]) {
      expect(readPkcs12(Buffer.concat([whole, more]), password)).toEqual(content);
    }
  });

  it.each(files)(
    'PKCS#12: a file with any changed octet never opens with other content: $form',
    ({ file, password }) => {
      const whole = readPkcs12File(file);
      const content = readPkcs12(whole, password);
      for (let position = 0; position < whole.length; position += 1) {
        const damaged = Buffer.from(whole);
        damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << (position % 8)), position);
        const result = readPkcs12(damaged, password);
        if (result.ok) expect(result, `octet ${position}`).toEqual(content);
      }
    },
  );

  it('PKCS#12: random bytes are corrupt', () => {
    let state = 1;
    const random = () => (state = (state * 48_271) % 2_147_483_647);
    for (let attempt = 0; attempt < 2000; attempt += 1) {
      const bytes = Buffer.from([0x30, 0x80, ...Array.from({ length: random() % 200 }, () => random() % 256)]);
      expect(outcomeOf(readPkcs12(bytes, 'secret'))).toBe('corruptFile');
    }
  });
});
