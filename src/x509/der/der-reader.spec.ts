import { describe, expect, it } from 'vitest';

import { DerError } from './der-error.js';
import { DerReader, readSequence } from './der-reader.js';
import { Tag } from './tag.js';

const reader = (hex: string) => new DerReader(Buffer.from(hex, 'hex'));

describe('DerReader', () => {
  it.each([
    ['short form', '0403010203', '010203'],
    ['empty', '0400', ''],
    ['long form', `048180${'ab'.repeat(128)}`, 'ab'.repeat(128)],
    ['long form of two octets', `04820100${'cd'.repeat(256)}`, 'cd'.repeat(256)],
  ])('ok/%s', (_, der, content) => {
    const reading = reader(der);
    const value = reading.next();
    expect(value.tag).toBe(Tag.octetString);
    expect(value.content.toString('hex')).toBe(content);
    expect(value.bytes.toString('hex')).toBe(der);
    expect(reading.atEnd).toBe(true);
    expect(reading.nextTag).toBeUndefined();
  });

  it.each([
    ['nothing there', '', 'ends too early'],
    ['no length', '04', 'ends too early'],
    ['half a length', '048201', 'ends too early'],
    ['indefinite length', '3080020100', 'indefinite'],
    ['long form of a short length', '04817fff', 'not minimal'],
    ['leading zero in a length', `04820080${'ab'.repeat(128)}`, 'not minimal'],
    ['length beyond the data', '040301', 'beyond the data'],
    ['length of 4 GiB', '0484ffffffff00', 'beyond the data'],
    ['length of 127 octets', `04ff${'01'.repeat(127)}`, 'beyond the data'],
    ['high tag number', '1f8101', 'above 30'],
  ])('fail/%s', (_, der, message) => {
    expect(() => reader(der).next()).toThrow(DerError);
    expect(() => reader(der).next()).toThrow(message);
  });

  it('reads only inside its value, whatever follows it', () => {
    const outer = reader('30020404ffffffff').next();
    expect(() => outer.inside().next()).toThrow('beyond the data');
  });

  it('reads optional values by their tag, and refuses trailing data', () => {
    const fields = readSequence(Buffer.from('30060101ff020105', 'hex'), 'the thing');
    expect(fields.takeOptional(Tag.integer)).toBeUndefined();
    expect(fields.takeOptional(Tag.boolean)?.content.toString('hex')).toBe('ff');
    expect(() => fields.finish('the thing')).toThrow('the thing has trailing data');
    expect(() => fields.take(Tag.octetString, 'the value')).toThrow('the value is missing or has a wrong type');
  });

  it('reads deep nesting', () => {
    let der = Buffer.alloc(0);
    for (let depth = 0; depth < 5000; depth += 1) {
      const length = der.length < 0x80 ? [der.length] : [0x82, der.length >> 8, der.length & 0xff];
      if (der.length >= 0x80 && der.length < 0x100) length.splice(0, 3, 0x81, der.length);
      der = Buffer.concat([Buffer.from([0x30, ...length]), der]);
    }
    let depth = 0;
    for (let walk = new DerReader(der); !walk.atEnd; walk = walk.next().inside()) depth += 1;
    expect(depth).toBe(5000);
  });
});
