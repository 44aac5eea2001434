import type { ExtensionDefinition } from '../../certificate/extensions/extension.js';
import { DerError } from '../../der/der-error.js';
import { readWhole } from '../../der/der-reader.js';
import { Tag } from '../../der/tag.js';

/** RFC 6960 section 4.2.2.2.1: the certificate of a responder counts without a check of revocation. */
export const ocspNoCheck: ExtensionDefinition<true> = {
  oid: '1.3.6.1.5.5.7.48.1.5',
  name: 'id-pkix-ocsp-nocheck',
  section: '4.2.2.2.1',
  critical: false,
  read(value) {
    if (readWhole(value, Tag.null, 'the value').length > 0) throw new DerError('the value is not empty');
    return true;
  },
};
