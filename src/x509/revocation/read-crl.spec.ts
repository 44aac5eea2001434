import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { hex, sequence, tlv } from '../../../test/support/der.js';
import { authority, endEntity } from '../../../test/support/signed-certificate.js';
import { crlDer, crlExtensions, entryOf, revoked } from '../../../test/support/signed-crl.js';
import { Tag } from '../der/tag.js';
import { readCrl } from './read-crl.js';

const root = authority('Root');
const leaf = endEntity(root);
const der = crlDer(root, { entries: [revoked(leaf, crlExtensions.reason(4))] });

const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' }).toString();

describe('11.5 reading a CRL', () => {
  it('11.5 a CRL that ends anywhere too early is not read', () => {
    for (let length = 0; length < der.length; length += 1) {
      expect(readCrl(der.subarray(0, length)).value, String(length)).toBeUndefined();
    }
    expect(readCrl(der).value).toBeDefined();
  });

  it('11.5 a CRL with a changed octet is read or not, and nothing is thrown', () => {
    for (let offset = 0; offset < der.length; offset += 1) {
      const changed = Buffer.from(der);
      changed.writeUInt8(changed.readUInt8(offset) ^ 0x41, offset);
      const crl = readCrl(changed).value;
      expect(() => crl?.find(crl.issuerKey, leaf.certificate.structure.serialNumber)).not.toThrow();
    }
  });

  it.each([
    ['trailing data', Buffer.concat([der, hex('00')])],
    ['an entry without a date', crlDer(root, { entries: [sequence(tlv(Tag.integer, hex('05')))] })],
    ['a serial number that is not minimal', crlDer(root, { entries: [entryOf(hex('0005'))] })],
    ['a time without seconds', crlDer(root, { nextUpdate: '2701010000Z' })],
    ['nothing', Buffer.alloc(0)],
    ['another structure', leaf.der],
  ])('11.5 %s: it is not read', (_, wrong) => {
    expect(readCrl(wrong)).toMatchObject({ value: undefined, problems: [expect.any(String)] });
  });

  it('11.5 every entry of a large CRL is found, and no other', () => {
    const numbers = Array.from({ length: 20_000 }, (_, index) =>
      Buffer.concat([hex('01'), randomBytes(index % 19), Buffer.of(index >> 8, index & 0xff)]),
    );
    const crl = readCrl(crlDer(root, { entries: numbers.map((number) => entryOf(number)) })).value;
    expect(numbers.every((number) => crl?.find(crl.issuerKey, number) !== undefined)).toBe(true);
    expect(crl?.find(crl.issuerKey, hex('02'))).toBeUndefined();
    expect(crl?.find('another issuer', numbers[0] ?? hex('02'))).toBeUndefined();
  });

  it('11.5 what openssl ca writes is read as openssl crl reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'certkeep-crl-'));
    try {
      const file = (name: string) => join(folder, name);
      writeFileSync(file('root.der'), root.der);
      writeFileSync(file('key.pem'), root.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }));
      writeFileSync(file('index'), 'R\t270101000000Z\t260401000000Z,keyCompromise\t0A0B\tunknown\t/CN=Jane Doe\n');
      writeFileSync(file('number'), '2A\n');
      writeFileSync(
        file('conf'),
        `[ca]\ndefault_ca=c\n[c]\ndatabase=${file('index')}\ncrlnumber=${file('number')}\ndefault_md=sha256\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n`,
      );
      openssl('x509', '-inform', 'DER', '-in', file('root.der'), '-out', file('root.pem'));
      const given = ['-config', file('conf'), '-cert', file('root.pem'), '-keyfile', file('key.pem')];
      openssl('ca', '-gencrl', '-crldays', '7', ...given, '-out', file('crl.pem'));
      openssl('crl', '-in', file('crl.pem'), '-outform', 'DER', '-out', file('crl.der'));
      const crl = readCrl(readFileSync(file('crl.der'))).value;
      expect(crl?.number).toBe(0x2an);
      expect(crl?.find(crl.issuerKey, hex('0a0b'))).toEqual({
        reason: 'keyCompromise',
        revocationDate: new Date('2026-04-01T00:00:00Z'),
        invalidityDate: undefined,
      });
      const text = openssl('crl', '-in', file('crl.pem'), '-noout', '-nextupdate');
      expect(crl?.nextUpdate).toEqual(new Date(text.trim().replace('nextUpdate=', '')));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
