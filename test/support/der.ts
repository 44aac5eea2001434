import { Tag } from '../../src/x509/der/tag.js';

/** Writers of DER, also of malformed DER. */
export function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(octets: number): Buffer {
  if (octets < 0x80) return Buffer.from([octets]);
  const hex = octets.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...contents: readonly Buffer[]): Buffer => tlv(Tag.sequence, ...contents);
export const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(Tag.objectIdentifier, Buffer.from([40 * first + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(128 + (rest % 128));
  return octets;
}

export function extension(oid: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [tlv(Tag.boolean, hex('ff'))] : [];
  return sequence(objectIdentifier(oid), ...flag, tlv(Tag.octetString, value));
}

/** [dotted OID, tag, content]. */
export type AttributeParts = readonly [string, number, string | Buffer];

/** RDNs in encoding order. */
export function distinguishedName(...rdns: readonly (readonly AttributeParts[])[]): Buffer {
  return sequence(
    ...rdns.map((attributes) =>
      tlv(
        Tag.set,
        ...attributes.map(([type, tag, content]) =>
          sequence(objectIdentifier(type), tlv(tag, typeof content === 'string' ? Buffer.from(content) : content)),
        ),
      ),
    ),
  );
}

export interface CertificateParts {
  readonly version?: Buffer;
  readonly serialNumber?: Buffer;
  readonly signature?: Buffer;
  readonly issuer?: Buffer;
  readonly notBefore?: Buffer;
  readonly notAfter?: Buffer;
  readonly subject?: Buffer;
  readonly publicKey?: Buffer;
  readonly afterPublicKey?: Buffer;
  readonly extensions?: readonly Buffer[];
}

const ED25519 = sequence(objectIdentifier('1.3.101.112'));

const named = (name: string) => distinguishedName([['2.5.4.3', Tag.utf8String, name]]);

/** A certificate from the given parts. Its signature is zeros, as the reader does not verify it. */
export function certificateOf(parts: CertificateParts): Buffer {
  const extensions = parts.extensions === undefined ? [] : [tlv(0xa3, sequence(...parts.extensions))];
  return sequence(
    sequence(
      parts.version ?? tlv(0xa0, tlv(Tag.integer, hex('02'))),
      parts.serialNumber ?? tlv(Tag.integer, hex('0a')),
      parts.signature ?? ED25519,
      parts.issuer ?? named('Test CA'),
      sequence(
        parts.notBefore ?? tlv(Tag.utcTime, Buffer.from('260101000000Z')),
        parts.notAfter ?? tlv(Tag.utcTime, Buffer.from('270101000000Z')),
      ),
      parts.subject ?? named('Jane Doe'),
      parts.publicKey ?? sequence(ED25519, tlv(Tag.bitString, Buffer.alloc(33))),
      parts.afterPublicKey ?? Buffer.alloc(0),
      ...extensions,
    ),
    ED25519,
    tlv(Tag.bitString, Buffer.alloc(65)),
  );
}
