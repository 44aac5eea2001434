import { describe, expect, it } from 'vitest';

import { readBase64, readByteSequence, readByteSequences } from './byte-sequence.js';

const HELLO = Buffer.from('hello');
const ONE = Buffer.from([0x89]);

describe('15.1 one byte sequence (RFC 9651 section 4.2.7)', () => {
  it.each<[string, string, Buffer]>([
    ['padded', ':aGVsbG8=:', HELLO],
    ['without the padding', ':aGVsbG8:', HELLO],
    ['with one of two padding characters', ':iQ=:', ONE],
    ['without either', ':iQ:', ONE],
    ['with unused bits that are not zero', ':iZ==:', ONE],
    ['with unused bits that are not zero, and without padding', ':iZ:', ONE],
    ['that needs no padding', ':aGVs:', Buffer.from('hel')],
    ['of every character', ':+/Az09ZA:', Buffer.from('+/Az09ZA', 'base64')],
  ])('ok/%s: %s', (_, value, octets) => {
    expect(readByteSequence(value)).toEqual(octets);
    expect(readByteSequences(`${value}, ${value}`)).toEqual([octets, octets]);
  });

  it.each<[string]>([
    [':aGVsbG8=:;a'],
    [':aGVsbG8=:;a;b'],
    [':aGVsbG8=:;  a=1;   b=-12.345'],
    [':aGVsbG8=:;a=999999999999999;a=123456789012.123'],
    [':aGVsbG8=:;*a_b-c.d*=?0'],
    [':aGVsbG8=:;a="x, :y:; \\"z\\" \\\\"'],
    [':aGVsbG8=:;a="";b=*token/with:marks'],
    [':aGVsbG8=:;a=:aGVs:;b=::'],
    [':aGVsbG8=:;a=@1659578233;b=@-1'],
    [':aGVsbG8=:;a=%"f%c3%bc, r";b=?1'],
  ])('ok/with parameters, which are ignored: %s', (value) => {
    expect(readByteSequence(value)).toEqual(HELLO);
    expect(readByteSequences(`${value},${value}`)).toEqual([HELLO, HELLO]);
  });

  it.each<[string, string]>([
    ['no value', ''],
    ['no octets', '::'],
    ['only padding', ':==:'],
    ['a part of an octet', ':a:'],
    ['an octet and a part of another', ':aGVsb:'],
    ['padding that is not needed', ':aGVs=:'],
    ['more padding than is needed', ':aGVsbG8==:'],
    ['three padding characters', ':iQ===:'],
    ['padding before the end', ':aG=VsbG8:'],
    ['the alphabet for URLs', ':_-Ah:'],
    ['a blank', ':aGVs bG8=:'],
    ['a tab', ':aGVs\tbG8=:'],
    ['a line feed', ':aGVs\nbG8=:'],
    ['a line feed behind it', ':aGVsbG8=:\n'],
    ['another character', ':aGVsbG!8=:'],
    ['a character that is not ASCII', ':aGVsbG8=\u00a0:'],
    ['no colon at its end', ':aGVsbG8='],
    ['no colon at its beginning', 'aGVsbG8=:'],
    ['a no-break space behind it', ':aGVsbG8=:\u00a0'],
    ['a no-break space before it', '\u00a0:aGVsbG8=:'],
    ['the form before RFC 8941', '*aGVsbG8=*'],
    ['a string', '"aGVsbG8="'],
    ['a token', 'aGVsbG8'],
    ['an inner list', '(:aGVsbG8=:)'],
    ['a dictionary', 'a=:aGVsbG8=:'],
    ['a second one without a comma', ':aGVsbG8=: :aGVsbG8=:'],
  ])('fail/%s: %j', (_, value) => {
    expect(readByteSequence(value)).toBeUndefined();
    expect(readByteSequences(`:aGVs:, ${value}`)).toBeUndefined();
  });

  it.each<[string, string]>([
    ['two', ':aGVs:,:aGVs:'],
    ['the same one twice', ':aGVsbG8=:, :aGVsbG8=:'],
  ])('fail/a list of %s', (_, value) => expect(readByteSequence(value)).toBeUndefined());

  it.each<[string, string]>([
    ['without a name', ';'],
    ['whose name begins with a digit', ';1a'],
    ['whose name has a capital letter', ';a;A=1'],
    ['behind a blank', ' ;a'],
    ['behind a tab', ';\ta'],
    ['without a value', ';a='],
    ['with a blank before its value', ';a= 1'],
    ['with a blank before the sign', ';a =1'],
    ['with 16 digits', ';a=1234567890123456'],
    ['with 13 digits before the point', ';a=1234567890123.1'],
    ['with four digits behind the point', ';a=1.1234'],
    ['with nothing behind the point', ';a=1.'],
    ['with a string that does not end', ';a="x'],
    ['with a string that is not ASCII', ';a="\u00fc"'],
    ['with an unknown escape', ';a="\\x"'],
    ['with a byte sequence in another alphabet', ';a=:_-:'],
    ['with a boolean of another digit', ';a=?2'],
    ['with a decimal date', ';a=@1.5'],
    ['with a display string in capital letters', ';a=%"%C3%BC"'],
    ['with an inner list', ';a=(1 2)'],
  ])('fail/a parameter %s: %s', (_, parameter) => {
    expect(readByteSequence(`:aGVsbG8=:${parameter}`)).toBeUndefined();
    expect(readByteSequences(`:aGVsbG8=:${parameter}, :aGVs:`)).toBeUndefined();
  });
});

describe('15.1 a list of byte sequences (RFC 9651 section 4.2.1)', () => {
  it.each<[string, number]>([
    ['', 0],
    [':aGVs:', 1],
    [':aGVs:,:aGVs:', 2],
    [':aGVs: ,:aGVs:', 2],
    [':aGVs:\t,\t :aGVs:  ,  :aGVs:', 3],
  ])('ok/%j has %i', (value, length) => {
    expect(readByteSequences(value)).toEqual(Array<Buffer>(length).fill(Buffer.from('hel')));
  });

  it.each([[','], [' '], [':aGVs:,'], [':aGVs:, '], [',:aGVs:'], [':aGVs:,,:aGVs:'], [':aGVs:;:aGVs:'], [':aGVs:, x']])(
    'fail/%j',
    (value) => expect(readByteSequences(value)).toBeUndefined(),
  );
});

describe('15.1 base64 that is no structured field', () => {
  it('ok/padded', () => expect(readBase64('aGVsbG8=')).toEqual(HELLO));

  it.each([[''], ['aGVsbG8'], ['iZ=='], ['aGVs bG8='], ['_-Ah'], [':aGVs:']])('fail/%j', (text) => {
    expect(readBase64(text)).toBeUndefined();
  });
});
