import { DerError } from './der-error.js';
import type { DerValue } from './der-reader.js';

/** Enough for every registered identifier; limits the cost of malicious arcs. */
const MAX_OCTETS = 128;

/** Below this value, an arc and its next seven bits are exact as a JavaScript number. */
const EXACT_LIMIT = 2 ** 46;

/** Certificates have the same few identifiers, and a caller can only fill this once. */
const MAX_KNOWN = 1_000;
const known = new Map<string, string>();

/** Dotted form of an OBJECT IDENTIFIER (X.690 section 8.19), arcs of any size. */
export function readObjectIdentifier({ content }: DerValue): string {
  const octets = content.toString('latin1');
  const found = known.get(octets);
  if (found !== undefined) return found;
  const dotted = dottedForm(content);
  if (known.size < MAX_KNOWN) known.set(octets, dotted);
  return dotted;
}

function dottedForm(content: Buffer): string {
  if (content.length === 0) throw new DerError('an object identifier has no octets');
  if (content.length > MAX_OCTETS) throw new DerError('an object identifier is too long');
  if ((content[content.length - 1] ?? 0) >= 0x80) throw new DerError('an object identifier ends within an arc');
  let dotted = '';
  let arc: number | bigint = 0;
  let arcStarts = true;
  for (const octet of content) {
    if (arcStarts && octet === 0x80) throw new DerError('an object identifier is not minimal');
    arc = append(arc, octet & 0x7f);
    arcStarts = octet < 0x80;
    if (arcStarts) {
      dotted = dotted === '' ? firstArcs(arc) : `${dotted}.${arc}`;
      arc = 0;
    }
  }
  return dotted;
}

function append(arc: number | bigint, bits: number): number | bigint {
  return typeof arc === 'number' && arc < EXACT_LIMIT ? arc * 128 + bits : BigInt(arc) * 128n + BigInt(bits);
}

/** The first number encodes two arcs: 40 × the first, which is 0, 1 or 2, plus the second. */
function firstArcs(both: number | bigint): string {
  if (both < 40) return `0.${both}`;
  if (both < 80) return `1.${Number(both) - 40}`;
  return `2.${typeof both === 'bigint' ? both - 80n : both - 80}`;
}
