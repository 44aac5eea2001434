import { describe, expect, it } from 'vitest';

import { cpuMilliseconds } from '../../test/support/cpu-time.js';
import { parseJson } from './json-text.js';

const messageOf = (bytes: Buffer): string | undefined => {
  const parsed = parseJson(bytes);
  return parsed.ok ? undefined : parsed.message;
};

describe('7.1 the error on malformed JSON has the position', () => {
  it.each([
    ['', 'it ends too early, at line 1, column 1'],
    ['{"version":', 'it ends too early, at line 1, column 12'],
    ['{"a":1,}', 'see line 1, column 8'],
    ['{\n  "a": 1\n  "b": 2\n}', 'see line 3, column 3'],
    ['{\r\n"a": tru}', 'see line 2, column 6'],
    ['{"a":01}', 'see line 1, column 6'],
    ['[1,2]]', 'see line 1, column 6'],
    ['[0,12,x]', 'see line 1, column 7'],
    ['[1,00,2]', 'see line 1, column 4'],
    ['1,2', 'see line 1, column 2'],
    ['{a:1}', 'see line 1, column 2'],
    ["{'a':1}", 'see line 1, column 2'],
    ['{"a":"\\x"}', 'see line 1, column 7'],
    ['{"a":"x\ny"}', 'see line 1, column 8'],
    ['{"a":"x', 'it ends too early, at line 1, column 8'],
    ['[1}', 'see line 1, column 3'],
    ['1 2', 'see line 1, column 3'],
    ['['.repeat(100_000), 'it ends too early, at line 1, column 100001'],
  ])('%.20j', (text, place) => {
    expect(messageOf(Buffer.from(text))).toBe(`is not JSON: ${place}`);
  });

  it('7.1 the error has no part of the input', () => {
    expect(messageOf(Buffer.from('{"password":"secret" x}'))).not.toMatch('secret');
  });
});

describe('7.1 the error on bytes that are not UTF-8 has the position', () => {
  it.each([
    [Buffer.from('{"a":"Zürich"}', 'latin1'), 8],
    [Buffer.from([0xff]), 1],
    [Buffer.from([0x22, 0xc3]), 2],
  ])('%#', (bytes, place) => {
    expect(messageOf(bytes)).toBe(`is not valid UTF-8: byte ${place} (counted from 1) is invalid`);
  });

  it.each(['{}', '\ufeff{}', '{"a":"\ufffd"}'])('%j is JSON', (text) => {
    expect(messageOf(Buffer.from(text))).toBeUndefined();
  });
});

describe('7.1 a member with a name of more than 4,096 octets', () => {
  const long = 'a'.repeat(4_096);
  it.each([
    [`{"${long}":1}`],
    [`{"b":{"${long}" \r\n\t: []}}`],
    [`[1,"x\\"",{"b":"\\\\","${'\\u0061'.repeat(700)}":null}]`],
    [`{"${'é'.repeat(2_048)}":"${long}"}`],
  ])('fail/%.30s', (text) => {
    expect(parseJson(Buffer.from(text))).toEqual({
      ok: false,
      message: 'has a member with a name of more than 4096 octets',
      isRefused: true,
    });
  });

  it.each([
    [`{"${long.slice(1)}":1}`],
    [`{"b":"${long}:"}`],
    [`["${long}",":",{"b":"\\"${long}\\":"}]`],
    [`"${long}${long}"`],
    [`{"b":"${long}\\\\","c":1}`],
  ])('ok/%.30s', (text) => {
    expect(parseJson(Buffer.from(text))).toEqual({ ok: true, value: JSON.parse(text) as unknown });
  });

  it('is refused about as fast as JSON with a shorter name is parsed', () => {
    const [shorter, longer] = [named(16_000, 0), named(17_000, 10_000)];
    spent(named(100, 20_000));
    expect(spent(longer)).toBeLessThan(15 * spent(shorter));
  });
});

function named(length: number, first: number): readonly Buffer[] {
  return Array.from({ length: 1_000 }, (_, index) => Buffer.from(`{"${`${first + index}`.padStart(length, 'a')}":1}`));
}

function spent(texts: readonly Buffer[]): number {
  return cpuMilliseconds(() => void texts.map(parseJson));
}
