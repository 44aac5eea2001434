import { DerError } from '../../der/der-error.js';
import { readSequence } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { Tag } from '../../der/tag.js';
import type { ExtensionDefinition } from './extension.js';

/** RFC 5280 section 4.2.1.12: dotted OIDs. */
export const extendedKeyUsage: ExtensionDefinition<ReadonlySet<string>> = {
  oid: '2.5.29.37',
  name: 'extKeyUsage',
  section: '4.2.1.12',
  critical: undefined,
  read(value) {
    const purposes = new Set<string>();
    for (const list = readSequence(value, 'the list of purposes'); !list.atEnd;) {
      purposes.add(readObjectIdentifier(list.take(Tag.objectIdentifier, 'a purpose')));
    }
    if (purposes.size === 0) throw new DerError('no purpose is named');
    return purposes;
  },
};
