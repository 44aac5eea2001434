import type { DerReader } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { readBoolean } from '../../der/primitives.js';
import { reading } from '../../der/reading.js';
import { Tag } from '../../der/tag.js';

/** One extension as it stands in the certificate, its value undecoded. */
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
  /** RFC 5280's spelling. */
  readonly name: string;
  /** What RFC 5280 demands of `critical`; undefined where it leaves it open. */
  readonly critical: boolean | undefined;
  /** `value` is what the OCTET STRING holds. @throws DerError where it cannot be decoded. */
  read(value: Buffer, problems: string[]): T;
}

/** @throws DerError where it is no Extension. */
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
  // A flag that cannot be read counts as set: who does not know the extension must then refuse it.
  return { oid, critical: critical.value ?? true, value, problems: critical.problems };
}
