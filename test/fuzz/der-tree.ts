import { DerError } from '../../src/x509/der/der-error.js';
import { DerReader } from '../../src/x509/der/der-reader.js';
import { Tag } from '../../src/x509/der/tag.js';

/** How the length of an element is written; everything but `right` is no DER. */
export type LengthForm = 'right' | 'long' | 'indefinite' | 'short' | 'beyond';

/** One element of DER that can be changed and written again. */
export interface DerNode {
  tag: number;
  /** What stands before the children, such as the count of unused bits of a BIT STRING; all of it without children. */
  content: Buffer;
  children: DerNode[];
  lengthForm: LengthForm;
}

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 64;

/** Also descends into strings of octets and bits that contain DER, as extensions and keys do. Undefined: not DER. */
export function readTree(der: Buffer, depth = 0): DerNode[] | undefined {
  const nodes: DerNode[] = [];
  try {
    for (const reader = new DerReader(der); !reader.atEnd;) {
      const { tag, content } = reader.next();
      nodes.push(nodeOf(tag, content, depth));
    }
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
  return nodes;
}

function nodeOf(tag: number, content: Buffer, depth: number): DerNode {
  const isString = tag === Tag.octetString || tag === Tag.bitString;
  const skipped = tag === Tag.bitString ? 1 : 0;
  const mayHaveChildren = depth < MAX_DEPTH && content.length > skipped && (isString || (tag & CONSTRUCTED) !== 0);
  const children = mayHaveChildren ? readTree(content.subarray(skipped), depth + 1) : undefined;
  return children === undefined
    ? { tag, content, children: [], lengthForm: 'right' }
    : { tag, content: content.subarray(0, skipped), children, lengthForm: 'right' };
}

export function writeTree(nodes: readonly DerNode[]): Buffer {
  return Buffer.concat(nodes.map(writeNode));
}

function writeNode({ tag, content, children, lengthForm }: DerNode): Buffer {
  const whole = Buffer.concat([content, writeTree(children)]);
  return Buffer.concat([Buffer.of(tag), ...withLength(whole, lengthForm)]);
}

function withLength(content: Buffer, form: LengthForm): Buffer[] {
  switch (form) {
    case 'right':
      return [minimalLength(content.length), content];
    case 'long':
      return [longLength(content.length, 4), content];
    case 'indefinite':
      return [Buffer.of(0x80), content, Buffer.of(0, 0)];
    case 'short':
      return [minimalLength(Math.max(0, content.length - 1)), content];
    default:
      return [longLength(0x7fff_ffff, 4), content];
  }
}

function minimalLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return longLength(length, Math.ceil((32 - Math.clz32(length)) / 8));
}

function longLength(length: number, octets: number): Buffer {
  const bytes = Buffer.alloc(1 + octets, 0x80 | octets);
  bytes.writeUIntBE(length, 1, octets);
  return bytes;
}

/** Every list of siblings with each of its positions, so that an element can be replaced where it stands. */
export function positions(nodes: DerNode[], found: Position[] = []): Position[] {
  for (const [index, node] of nodes.entries()) {
    found.push([nodes, index]);
    positions(node.children, found);
  }
  return found;
}

type Position = [siblings: DerNode[], index: number];

export function copyOf(node: DerNode): DerNode {
  return { ...node, children: node.children.map(copyOf) };
}
