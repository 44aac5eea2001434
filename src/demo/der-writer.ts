import { Tag } from '../x509/der/tag.js';

/** Encodes DER for the demo; contents below 64 KiB. */
export function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...octets]), content]);
}

export const sequence = (...contents: readonly Buffer[]): Buffer => tlv(Tag.sequence, ...contents);
export const octets = (...contents: readonly Buffer[]): Buffer => tlv(Tag.octetString, ...contents);

/** From 0 to 32767. */
export function integer(value: number): Buffer {
  return tlv(Tag.integer, Buffer.from(value < 0x80 ? [value] : [value >> 8, value & 0xff]));
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  return tlv(Tag.objectIdentifier, Buffer.from([40 * first + second, ...arcs].flatMap(base128)));
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}
