import type { DerReader } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { readBoolean } from '../../der/primitives.js';
import { reading } from '../../der/reading.js';
import { Tag } from '../../der/tag.js';

/** An extension of a certificate, with its value not decoded. */
export interface Extension {
  /** Dotted OID. */
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
  readonly problems: readonly string[];
}

/** How one extension of RFC 5280 is decoded. */
export interface ExtensionDefinition<T> {
  readonly oid: string;
  /** The name in RFC 5280. */
  readonly name: string;
  /** The section of RFC 5280 that defines it. */
  readonly section: string;
  /** The value that RFC 5280 requires of `critical`; undefined if it allows both. */
  readonly critical: boolean | undefined;
  /** `value` is the content of the OCTET STRING. @throws DerError if it cannot be decoded. */
  read(value: Buffer, problems: string[]): T;
}

/** @throws DerError if it is not an Extension. */
export function readExtension(extension: DerReader): Extension {
  const oid = readObjectIdentifier(extension.take(Tag.objectIdentifier, 'an extension identifier'));
  const flag = extension.takeOptional(Tag.boolean);
  const value = extension.take(Tag.octetString, 'an extension value').content;
  extension.finish('an extension');
  if (flag === undefined) return { oid, critical: false, value, problems: [] };
  const critical = reading((problems) => {
    const isSet = readBoolean(flag);
    if (!isSet) problems.push('its default criticality is encoded');
    return isSet;
  });
  // A flag that cannot be read counts as true: a reader that does not know the extension must then reject the
  // certificate.
  return { oid, critical: critical.value ?? true, value, problems: critical.problems };
}
