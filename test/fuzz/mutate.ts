import { Tag } from '../../src/x509/der/tag.js';
import { pick, type Random } from '../support/random.js';
import { copyOf, type DerNode, type LengthForm, positions, readTree, writeTree } from './der-tree.js';

/** Keeps an input small enough for thousands of them in a second. */
const MAX_LENGTH = 64 * 1024;
const MAX_WRITTEN = 4 * 1024 * 1024;

type Mutation = (siblings: DerNode[], index: number, random: Random, donor: readonly DerNode[]) => void;

const TAGS = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1e, 0x1f, 0x30, 0x31];
const CONTEXT_TAGS = [0x80, 0x81, 0x82, 0x84, 0x86, 0x87, 0x88, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x9f, 0xbf, 0xff];
const LENGTH_FORMS: readonly LengthForm[] = ['long', 'indefinite', 'short', 'beyond'];
const DEPTHS = [1, 1, 2, 2, 3, 10, 20, 20, 300, 1_500];
const COUNTS = [2, 2, 2, 3, 3, 50, 50, 1_000];

const TEXTS = [
  '',
  '.',
  '..',
  '*',
  '*.',
  '*.example.com',
  '.example.com',
  'example.com\0.evil.test',
  '@',
  'a@',
  '@example.com',
  '"a@b"@example.com',
  'a@[127.0.0.1]',
  'http://',
  'http://user@example.com:80/',
  'http://[::1]/',
  'ldap://127.1/',
  '\u202eevil\u2066',
  'ﬀ\u0301\u212b\u00ad',
  '9'.repeat(300),
  'a'.repeat(5_000),
  '.a'.repeat(2_000),
  '99991231235959Z',
  '00000101000000Z',
  '490231000000Z',
  '20260101000000.5Z',
];

const NUMBERS = ['', '00', '01', '02', '03', '7f', '80', 'ff', '0080', '00ff', 'ffff', '7fffffff', '00ffffffff'];
const OBJECT_IDENTIFIERS = ['', '80', '8001', '2a', '551d2000', '551d2001', '551d11', '551d1e', '2b06010505070809'];

function contentOf(node: DerNode, content: Buffer): void {
  node.content = content;
  node.children = [];
}

const at = (siblings: DerNode[], index: number): DerNode => siblings[index] as DerNode;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(siblings, index, random) {
    const node = at(siblings, index);
    const content = Buffer.concat([node.content, writeTree(node.children)]);
    if (content.length === 0) return;
    const position = random(content.length);
    content.writeUInt8(content.readUInt8(position) ^ (1 << random(8)), position);
    contentOf(node, content);
  },
  function remove(siblings, index) {
    siblings.splice(index, 1);
  },
  function repeat(siblings, index, random) {
    const node = at(siblings, index);
    const affordable = Math.floor(MAX_LENGTH / writeTree([node]).length);
    const copies = Math.min(pick(random, COUNTS) - 1, affordable);
    siblings.splice(index, 0, ...Array.from({ length: copies }, () => copyOf(node)));
  },
  function swap(siblings, index, random) {
    const other = random(siblings.length);
    [siblings[index], siblings[other]] = [at(siblings, other), at(siblings, index)];
  },
  function changeTag(siblings, index, random) {
    at(siblings, index).tag = pick(random, [...TAGS, ...CONTEXT_TAGS]);
  },
  function changeLength(siblings, index, random) {
    at(siblings, index).lengthForm = pick(random, LENGTH_FORMS);
  },
  function resize(siblings, index, random) {
    const node = at(siblings, index);
    const length = pick(random, [0, 1, 2, 4, 16, 20, 32, 255, 256, 20_000]);
    const content = Buffer.concat([node.content, writeTree(node.children)]);
    contentOf(node, Buffer.concat([content, Buffer.alloc(length, random(256))], length));
  },
  function replaceByDonor(siblings, index, random, donor) {
    const [others, position] = pick(random, positions([...donor]));
    siblings[index] = copyOf(at(others, position));
  },
  function replaceByDonorOfSameTag(siblings, index, random, donor) {
    const same = positions([...donor]).filter(
      ([others, position]) => at(others, position).tag === at(siblings, index).tag,
    );
    if (same.length === 0) return;
    const [others, position] = pick(random, same);
    siblings[index] = copyOf(at(others, position));
  },
  function insertFromDonor(siblings, index, random, donor) {
    const [others, position] = pick(random, positions([...donor]));
    siblings.splice(index, 0, copyOf(at(others, position)));
  },
  function nest(siblings, index, random) {
    const tag = pick(random, [0x30, 0x31, 0xa0, 0xa4, 0x24, at(siblings, index).tag]);
    // Each level is written with all that is in it.
    const affordable = Math.floor(MAX_WRITTEN / writeTree([at(siblings, index)]).length);
    for (let depth = Math.min(pick(random, DEPTHS), affordable); depth > 0; depth -= 1) {
      const inner = at(siblings, index);
      siblings[index] = { tag, content: Buffer.alloc(0), children: [inner], lengthForm: 'right' };
    }
  },
  function hugeObjectIdentifier(siblings, index, random) {
    const octet = pick(random, [0x81, 0x01, 0xff, 0x80]);
    const content = Buffer.alloc(pick(random, [20, 20, 500, 500, 30_000]), octet);
    siblings[index] = leaf(Tag.objectIdentifier, Buffer.concat([content, Buffer.of(1)]));
  },
  function changeObjectIdentifier(siblings, index, random) {
    siblings[index] = leaf(Tag.objectIdentifier, Buffer.from(pick(random, OBJECT_IDENTIFIERS), 'hex'));
  },
  function changeNumber(siblings, index, random) {
    contentOf(at(siblings, index), Buffer.from(pick(random, NUMBERS), 'hex'));
  },
  function hugeNumber(siblings, index, random) {
    siblings[index] = leaf(
      Tag.integer,
      Buffer.alloc(pick(random, [21, 21, 600, 600, 40_000]), pick(random, [0x7f, 0x80, 0xff])),
    );
  },
  function changeText(siblings, index, random) {
    contentOf(at(siblings, index), Buffer.from(pick(random, TEXTS), pick(random, ['utf8', 'latin1', 'utf16le'])));
  },
];

function leaf(tag: number, content: Buffer): DerNode {
  return { tag, content, children: [], lengthForm: 'right' };
}

/** One to four changes that keep the rest of the structure, or at times a change of single octets. */
export function mutate(der: Buffer, donor: Buffer, random: Random): Buffer {
  const tree = readTree(der);
  if (tree === undefined || random(10) === 0) return mutateOctets(der, random);
  const donors = readTree(donor) ?? [leaf(Tag.null, Buffer.alloc(0))];
  const changed = tree.map(copyOf);
  for (let changes = 1 + random(4); changes > 0; changes -= 1) {
    const places = positions(changed);
    if (places.length === 0 || writeTree(changed).length > MAX_LENGTH) break;
    const [siblings, index] = pick(random, places);
    pick(random, MUTATIONS)(siblings, index, random, donors);
  }
  const written = writeTree(changed);
  return written.length > MAX_LENGTH ? written.subarray(0, MAX_LENGTH) : written;
}

/** Changes, removes or repeats a piece of up to 16 octets, whatever it is part of. */
export function mutateOctets(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return Buffer.of(random(256));
  const start = random(bytes.length);
  const end = Math.min(bytes.length, start + 1 + random(16));
  const piece = bytes.subarray(start, end);
  const replacement = pick(random, [
    Buffer.alloc(0),
    Buffer.concat([piece, piece]),
    Buffer.of(random(256), ...piece.subarray(1)),
    Buffer.of(pick(random, [0, 0x1f, 0x30, 0x7f, 0x80, 0x84, 0xff]), ...piece.subarray(1)),
  ]);
  return Buffer.concat([bytes.subarray(0, start), replacement, bytes.subarray(end)]);
}
