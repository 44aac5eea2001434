import { containsPrivateKey, mentionsPrivateKey } from './private-key-text.js';

/** In octets of UTF-8. */
const MAX_LENGTH = 64 * 1024;

/** `message`: one fixed sentence, safe for the caller. */
export type PemResult = { readonly ok: true; readonly der: Buffer } | { readonly ok: false; readonly message: string };

interface PemBlock {
  readonly label: string;
  readonly lines: string[];
  isClosed: boolean;
}

/** The blocks of a text, and the lines around them. */
interface PemText {
  readonly blocks: readonly PemBlock[];
  readonly outside: readonly string[];
}

/** RFC 7468 section 5.1: the second is an older label with the same meaning; OpenSSL also accepts it. */
const LABELS = ['CERTIFICATE', 'X509 CERTIFICATE'];

/** RFC 7468 section 2: the length of a line. */
const LINE = 64;

/** What people send instead of a certificate, by its label, and what to do about it. */
const OTHER_BLOCKS: ReadonlyMap<string, string> = new Map(
  [
    {
      labels: ['PKCS7', 'PKCS #7 SIGNED DATA'],
      advice: 'a PKCS #7 block; take the certificate out of it: openssl pkcs7 -in FILE -print_certs -out NEWFILE',
    },
    {
      labels: ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'],
      advice: 'a certificate request; send the certificate that a CA has issued for it',
    },
  ].flatMap(({ labels, advice }) => labels.map((label) => [label, advice] as const)),
);

/** OpenSSL's own label: trust settings follow the certificate in the block. */
const TRUSTED_LABEL = 'TRUSTED CERTIFICATE';

/** `index`: the position of the block, from 0; absent if the fault is that of the whole text. */
interface PemFault {
  readonly message: string;
  readonly index?: number;
}

/** The blocks in their order. */
export type PemListResult =
  | { readonly ok: true; readonly ders: readonly Buffer[] }
  | { readonly ok: false; readonly faults: readonly PemFault[] };

const PRIVATE_KEY_MESSAGE =
  'The text contains or mentions a private key, which must never be sent; send only the certificate block.';

/**
 * Returns the DER of the only certificate block in `text` (RFC 7468, lax: there may be other text around the block, and
 * lines may have any length, whitespace and line ends). Does not check whether the DER is a certificate.
 */
export function readPem(text: string): PemResult {
  if (Buffer.byteLength(text) > MAX_LENGTH) return refuse('The text is longer than 64 KiB.');
  const read = readBlocks(text);
  if (hasPrivateKey(text, read)) return refuse(PRIVATE_KEY_MESSAGE);
  const blocks = read.blocks.filter(isCertificateBlock);
  const [block] = blocks;
  if (block === undefined) return refuse(missingBlockMessage(text, read));
  if (blocks.length > 1) return refuse('The text contains more than one certificate; send exactly one.');
  return decodeBlock(block);
}

/**
 * Like `readPem`, for any number of blocks; blank text has none. Every block must be a certificate, because a block that
 * is passed over might be meant as one. The caller limits the length of the text.
 */
export function readPemList(text: string): PemListResult {
  const read = readBlocks(text);
  if (hasPrivateKey(text, read)) return { ok: false, faults: [{ message: PRIVATE_KEY_MESSAGE }] };
  if (!read.blocks.some(isCertificateBlock) && text.trim() !== '') {
    return { ok: false, faults: [{ message: missingBlockMessage(text, read) }] };
  }
  const ders: Buffer[] = [];
  const faults: PemFault[] = [];
  for (const [index, block] of read.blocks.entries()) {
    const result = isCertificateBlock(block)
      ? decodeBlock(block)
      : refuse('The label of the block is not CERTIFICATE.');
    if (result.ok) ders.push(result.der);
    else faults.push({ message: result.message, index });
  }
  return faults.length === 0 ? { ok: true, ders } : { ok: false, faults };
}

/** One block with lines of 64 characters, LF line ends, and one LF at the end. */
export function toPem(der: Buffer): string {
  const base64 = der.toString('base64');
  let text = '-----BEGIN CERTIFICATE-----\n';
  for (let start = 0; start < base64.length; start += LINE) text += `${base64.slice(start, start + LINE)}\n`;
  return `${text}-----END CERTIFICATE-----\n`;
}

function refuse(message: string): PemResult {
  return { ok: false, message };
}

function decodeBlock(block: PemBlock): PemResult {
  if (block.label === TRUSTED_LABEL)
    return refuse(
      'A TRUSTED CERTIFICATE contains trust settings after the certificate; remove them: openssl x509 -in FILE -out NEWFILE.',
    );
  if (block.lines.some(isJoinedDelimiter)) {
    return refuse('The BEGIN and the END line of each certificate block must be on lines of their own.');
  }
  if (!block.isClosed) return refuse('The END line of the certificate block is missing.');
  const der = decodeBase64(block.lines.join(''));
  return der === undefined ? refuse('The certificate block is not valid base64.') : { ok: true, der };
}

/** The lines of certificate blocks are not searched. */
function hasPrivateKey(text: string, { blocks, outside }: PemText): boolean {
  const others = blocks.filter((block) => !isCertificateBlock(block)).flatMap(({ lines }) => lines);
  return mentionsPrivateKey(text) || [outside, others].some((lines) => containsPrivateKey(lines.join('\n')));
}

function missingBlockMessage(text: string, { blocks }: PemText): string {
  if (text.includes('-----BEGIN CERTIFICATE-----')) {
    return 'The BEGIN line of the certificate block must be on a line of its own.';
  }
  const [other] = blocks.flatMap(({ label }) => OTHER_BLOCKS.get(label) ?? []);
  return `The text contains no certificate block (-----BEGIN CERTIFICATE-----)${other === undefined ? '' : `, but ${other}`}.`;
}

/** As where a file without a line end was joined with the next one, or a message was quoted. */
function isJoinedDelimiter(line: string): boolean {
  const label = between(line, '-----END ');
  return label === undefined ? /-----(?:BEGIN|END) /.test(line) : label.includes('-----');
}

function isCertificateBlock({ label }: PemBlock): boolean {
  return LABELS.includes(label) || label === TRUSTED_LABEL;
}

/** A single pass over the lines. A BEGIN line opens a block, whatever precedes it. `trim` also removes a BOM. */
function readBlocks(text: string): PemText {
  const blocks: PemBlock[] = [];
  const outside: string[] = [];
  let open: PemBlock | undefined;
  for (const raw of text.split(/[\r\n]/)) {
    const line = raw.trim();
    const label = between(line, '-----BEGIN ');
    if (label !== undefined) {
      open = { label, lines: [], isClosed: false };
      blocks.push(open);
    } else if (open !== undefined && between(line, '-----END ') === open.label) {
      open.isClosed = true;
      open = undefined;
    } else {
      (open?.lines ?? outside).push(line);
    }
  }
  return { blocks, outside };
}

function between(line: string, start: string): string | undefined {
  return line.startsWith(start) && line.endsWith('-----') ? line.slice(start.length, -5) : undefined;
}

/** RFC 4648 section 3.5: padded, with unused bits zero, so that the encoding is canonical. Whitespace is removed. */
function decodeBase64(body: string): Buffer | undefined {
  const base64 = body.replace(/[ \t\v\f]/g, '');
  const decoded = Buffer.from(base64, 'base64');
  return decoded.length > 0 && decoded.toString('base64') === base64 ? decoded : undefined;
}
