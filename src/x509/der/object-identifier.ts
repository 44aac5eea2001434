import { DerError } from './der-error.js';
import type { DerValue } from './der-reader.js';

/** Ample for every registered identifier; keeps the arithmetic of a hostile arc short. */
const MAX_OCTETS = 128;

/** Below it an arc and its next seven bits are exact as a JavaScript number. */
const EXACT = 2 ** 46;

/** Dotted form of an OBJECT IDENTIFIER (X.690 section 8.19), arcs of any size. */
export function readObjectIdentifier(value: DerValue): string {
  const { content } = value;
  if (content.length === 0) throw new DerError('an object identifier has no octets');
  if (content.length > MAX_OCTETS) throw new DerError('an object identifier is too long');
  if ((content.at(-1) ?? 0) >= 0x80) throw new DerError('an object identifier ends within an arc');
  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  let arcStarts = true;
  for (const octet of content) {
    if (arcStarts && octet === 0x80) throw new DerError('an object identifier is not minimal');
    arc =
      typeof arc === 'number' && arc < EXACT ? arc * 128 + (octet & 0x7f) : BigInt(arc) * 128n + BigInt(octet & 0x7f);
    arcStarts = octet < 0x80;
    if (arcStarts) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  return [...splitFirst(first), ...rest].join('.');
}

/** The first number holds two arcs: 40 × the first, which is 0, 1 or 2, plus the second. */
function splitFirst(both: number | bigint): (number | bigint)[] {
  if (both < 40) return [0, both];
  if (both < 80) return [1, Number(both) - 40];
  return [2, typeof both === 'bigint' ? both - 80n : both - 80];
}
