import type { DerReader, DerValue } from '../der/der-reader.js';
import { readObjectIdentifier } from '../der/object-identifier.js';
import { Tag } from '../der/tag.js';

/** RFC 5280 section 4.1.1.2. */
export interface AlgorithmIdentifier {
  /** Dotted OID. */
  readonly algorithm: string;
  readonly parameters: DerValue | undefined;
  /** The whole TLV. */
  readonly der: Buffer;
}

export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const value = reader.take(Tag.sequence, 'an algorithm identifier');
  const fields = value.inside();
  const algorithm = readObjectIdentifier(fields.take(Tag.objectIdentifier, 'an algorithm'));
  const parameters = fields.atEnd ? undefined : fields.next();
  fields.finish('an algorithm identifier');
  return { algorithm, parameters, der: value.bytes };
}
