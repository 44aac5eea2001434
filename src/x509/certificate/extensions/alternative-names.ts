import { readSequence } from '../../der/der-reader.js';
import type { ExtensionDefinition } from './extension.js';
import { type GeneralName, readGeneralNames } from './general-name.js';

/** RFC 5280 section 4.2.1.6. */
export const subjectAltName: ExtensionDefinition<readonly GeneralName[]> = {
  oid: '2.5.29.17',
  name: 'subjectAltName',
  section: '4.2.1.6',
  critical: undefined,
  read: (value, problems) => readGeneralNames(readSequence(value, 'the list of names'), problems),
};

/** RFC 5280 section 4.2.1.7. */
export const issuerAltName: ExtensionDefinition<readonly GeneralName[]> = {
  oid: '2.5.29.18',
  name: 'issuerAltName',
  section: '4.2.1.7',
  critical: undefined,
  read: (value, problems) => readGeneralNames(readSequence(value, 'the list of names'), problems),
};
