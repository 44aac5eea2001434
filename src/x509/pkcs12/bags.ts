import type { DerReader, DerValue } from '../der/der-reader.js';
import { readObjectIdentifier } from '../der/object-identifier.js';
import { reading } from '../der/reading.js';
import { contextConstructed, Tag } from '../der/tag.js';
import { Oid } from './algorithms.js';

/** A SafeBag (RFC 7292 section 4.2). */
export interface Bag {
  /** Dotted OID. */
  readonly type: string;
  readonly value: DerValue;
  /** The encoded bag including its attributes. */
  readonly der: Buffer;
  /** The encoded SET; empty if there is none. */
  readonly attributes: Buffer;
  /** Links a certificate to its key: both have the same value. */
  readonly localKeyId: Buffer | undefined;
}

/** The bags of a list and of all nested lists; `toDer` limits the nesting. */
export function readBags(list: DerReader): Bag[] {
  const bags: Bag[] = [];
  while (!list.atEnd) {
    const bag = list.take(Tag.sequence, 'a bag');
    const fields = bag.inside();
    const type = readObjectIdentifier(fields.take(Tag.objectIdentifier, 'a bag type'));
    const value = fields.take(contextConstructed(0), 'a bag value');
    if (type === Oid.safeContentsBag) {
      bags.push(...readBags(value.inside().take(Tag.sequence, 'a list of bags').inside()));
    } else {
      const attributes = fields.takeOptional(Tag.set);
      bags.push({
        type,
        value,
        der: bag.bytes,
        attributes: attributes?.bytes ?? Buffer.alloc(0),
        localKeyId: attributes && readLocalKeyId(attributes),
      });
    }
  }
  return bags;
}

/** The other attributes are not used, so errors in them do not refuse the file. */
function readLocalKeyId(set: DerValue): Buffer | undefined {
  return reading(() => {
    const attributes = set.inside();
    while (!attributes.atEnd) {
      const attribute = attributes.take(Tag.sequence, 'an attribute').inside();
      const type = readObjectIdentifier(attribute.take(Tag.objectIdentifier, 'an attribute type'));
      const values = attribute.take(Tag.set, 'the values of an attribute').inside();
      if (type === Oid.localKeyId) return values.take(Tag.octetString, 'a local key ID').content;
    }
    return undefined;
  }).value;
}

export const isKey = ({ type }: Bag): boolean => type === Oid.keyBag || type === Oid.shroudedKeyBag;

/** The DER of the certificate in a bag; undefined if the bag contains something else. */
export function certificateIn({ type, value }: Bag): Buffer | undefined {
  if (type !== Oid.certificateBag) return undefined;
  return reading(() => {
    const fields = value.inside().take(Tag.sequence, 'a certificate').inside();
    fields.take(Tag.objectIdentifier, 'a certificate type');
    const content = fields.take(contextConstructed(0), 'a certificate').inside();
    return content.take(Tag.octetString, 'a certificate').content;
  }).value;
}
