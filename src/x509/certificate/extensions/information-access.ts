import { DerError } from '../../der/der-error.js';
import { readSequence } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { Tag } from '../../der/tag.js';
import type { ExtensionDefinition } from './extension.js';
import { type GeneralName, readGeneralName } from './general-name.js';

export interface AccessDescription {
  /** Dotted OID. */
  readonly accessMethod: string;
  readonly accessLocation: GeneralName;
}

/** The access methods of RFC 5280 section 4.2.2.1. */
export const AccessMethod = { ocsp: '1.3.6.1.5.5.7.48.1', caIssuers: '1.3.6.1.5.5.7.48.2' } as const;

/** RFC 5280 section 4.2.2.1. */
export const authorityInformationAccess: ExtensionDefinition<readonly AccessDescription[]> = {
  oid: '1.3.6.1.5.5.7.1.1',
  name: 'authorityInfoAccess',
  section: '4.2.2.1',
  critical: false,
  read: readDescriptions,
};

/** RFC 5280 section 4.2.2.2. */
export const subjectInformationAccess: ExtensionDefinition<readonly AccessDescription[]> = {
  oid: '1.3.6.1.5.5.7.1.11',
  name: 'subjectInfoAccess',
  section: '4.2.2.2',
  critical: false,
  read: readDescriptions,
};

function readDescriptions(value: Buffer, problems: string[]): AccessDescription[] {
  const descriptions: AccessDescription[] = [];
  for (const list = readSequence(value, 'the list of access descriptions'); !list.atEnd;) {
    const description = list.take(Tag.sequence, 'an access description').inside();
    const accessMethod = readObjectIdentifier(description.take(Tag.objectIdentifier, 'an access method'));
    const accessLocation = readGeneralName(description.next(), problems);
    description.finish('an access description');
    descriptions.push({ accessMethod, accessLocation });
  }
  if (descriptions.length === 0) throw new DerError('no access is described');
  return descriptions;
}
