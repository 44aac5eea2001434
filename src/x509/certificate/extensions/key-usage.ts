import { DerError } from '../../der/der-error.js';
import { readWhole } from '../../der/der-reader.js';
import { readNamedBits } from '../../der/primitives.js';
import { Tag } from '../../der/tag.js';
import { KEY_USAGES, type KeyUsage } from '../certificate.js';
import type { ExtensionDefinition } from './extension.js';

/** RFC 5280 section 4.2.1.3. */
export const keyUsage: ExtensionDefinition<ReadonlySet<KeyUsage>> = {
  oid: '2.5.29.15',
  name: 'keyUsage',
  section: '4.2.1.3',
  critical: undefined,
  read(value, problems) {
    const bits = readNamedBits(readWhole(value, Tag.bitString, 'the key usage'), problems);
    if (bits.length === 0) throw new DerError('no usage is asserted');
    const named = bits.map((bit) => KEY_USAGES[bit]).filter((usage) => usage !== undefined);
    if (named.length < bits.length) problems.push('an unknown usage is asserted');
    return new Set(named);
  },
};
