import { describe, expect, it } from 'vitest';

import { readP12Bytes } from './p12-bytes.rules.js';

const BYTES = Buffer.from('bytes');

describe('readP12Bytes', () => {
  it.each<[string, unknown, unknown]>([
    ['ok/the bytes of the documented sample are the word "bytes"', [98, 121, 116, 101, 115], BYTES],
    ['ok/base64', 'Ynl0ZXM=', BYTES],
    ['ok/the smallest and the largest byte', [0, 255], Buffer.from([0, 255])],
    ['ok/base64 with two padding characters', 'AQ==', Buffer.from([1])],
    ['ok/the maximum number of bytes', [1, 2, 3, 4, 5], Buffer.from([1, 2, 3, 4, 5])],
    ['ok/the maximum number of bytes in base64', 'AQIDBAU=', Buffer.from([1, 2, 3, 4, 5])],
    ['ok/none', [], Buffer.alloc(0)],
    ['ok/a part of a larger buffer', new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4), Buffer.from([1, 2, 3])],
    ['ok/the maximum number of bytes in a buffer', new Uint8Array(5), Buffer.alloc(5)],
    ['fail/one byte too many in a buffer', new Uint8Array(6), true],
    ['fail/one byte too many', [1, 2, 3, 4, 5, 6], true],
    ['fail/one byte too many in base64', 'AQIDBAUG', true],
  ])('L3 %s', (_title, sent, expected) => {
    const read = readP12Bytes(sent, 5);
    expect(read.ok ? read.bytes : read.tooLarge).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['a value that is no byte', [256], 'contains a value that is not a whole number from 0 to 255'],
    ['text that is not base64', '====', 'must be base64 (RFC 4648), or an array of byte values'],
    ['anything else', {}, 'must be an array of byte values, or base64'],
  ])('L3 fail/the message on %s says what is right', (_title, sent, message) => {
    expect(readP12Bytes(sent, 5)).toEqual({ ok: false, tooLarge: false, message });
  });

  it('L3 fail/the message on too many bytes has the maximum', () => {
    const message = 'must have at most 2048 bytes';
    expect(readP12Bytes(new Uint8Array(2049), 2048)).toEqual({ ok: false, tooLarge: true, message });
  });

  it.each<[string, unknown]>([
    ['above 255', [256]],
    ['below 0, as Java counts', [-1]],
    ['a fraction', [1.5]],
    ['a text among bytes', ['98']],
    ['null among bytes', [null]],
    ['white space in base64', 'Ynl0\nZXM='],
    ['base64 without padding', 'Ynl0ZXM'],
    ['base64url', 'Ynl0ZX-_'],
    ['padding inside base64', 'Yg==Ynl0'],
    ['nothing but padding', '===='],
    ['a letter beyond ASCII in base64', 'Ynl0ZXMé'],
    ['an object', {}],
    ['nothing', undefined],
  ])('L3 fail/%s', (_title, sent) => {
    expect(readP12Bytes(sent, 5)).toMatchObject({ ok: false, tooLarge: false });
  });
});
