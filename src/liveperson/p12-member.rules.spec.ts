import { describe, expect, it } from 'vitest';

import { withP12InBase64 } from './p12-member.rules.js';

const rewritten = (json: string) => withP12InBase64(Buffer.from(json)).toString();

describe('p12 as an array of byte values, before JSON is parsed', () => {
  it.each([
    ['one value', '[{"p12":[7]}]', '[{"p12":"Bw=="}]'],
    ['every width', '{"p12":[0,9,10,99,100,255],"name":"é"}', '{"p12":"AAkKY2T/","name":"é"}'],
    ['white space', '{"p12" :\t[ 1 ,\r\n2 ]}', '{"p12" :\t"AQI="}'],
    ['each of several', '[{"p12":[1]},{"p12":[2]}]', '[{"p12":"AQ=="},{"p12":"Ag=="}]'],
    ['the good one beside another', '[{"p12":[256]},{"p12":[2]}]', '[{"p12":[256]},{"p12":"Ag=="}]'],
  ])('L3 %s becomes base64', (_, json, expected) => {
    expect(rewritten(json)).toBe(expected);
  });

  it.each([
    ['empty', '{"p12":[]}'],
    ['a value above 255', '{"p12":[1,256]}'],
    ['a value of four digits', '{"p12":[1000]}'],
    ['a negative value', '{"p12":[-1]}'],
    ['a fraction', '{"p12":[1.0]}'],
    ['an exponent', '{"p12":[1e1]}'],
    ['a leading zero', '{"p12":[01]}'],
    ['a comma too many', '{"p12":[1,]}'],
    ['a comma too few', '{"p12":[1 2]}'],
    ['a comma at the beginning', '{"p12":[,1]}'],
    ['cut off', '{"p12":[1,2'],
    ['cut off after the name', '{"p12"'],
    ['an array within', '{"p12":[[1]]}'],
    ['a text within', '{"p12":["]"]}'],
    ['base64 already', '{"p12":"AQ=="}'],
    ['another member', '{"p13":[1,2]}'],
    ['a value', '{"name":"p12","displayName":[1]}'],
    ['a part of a text', String.raw`{"name":"\"p12\":[1]"}`],
    ['the end of a text', String.raw`{"\"p12":[1]}`],
  ])('L3 %s stays as it is', (_, json) => {
    expect(rewritten(json)).toBe(json);
  });

  it('L3 ten thousand bytes come through', () => {
    const bytes = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 256);
    const { p12 } = JSON.parse(rewritten(JSON.stringify({ p12: bytes }))) as { p12: string };
    expect([...Buffer.from(p12, 'base64')]).toEqual(bytes);
  });
});
