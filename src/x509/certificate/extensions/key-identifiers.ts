import { DerError } from '../../der/der-error.js';
import { readSequence, readWhole } from '../../der/der-reader.js';
import { readIntegerOctets } from '../../der/primitives.js';
import { contextConstructed, contextPrimitive, Tag } from '../../der/tag.js';
import type { ExtensionDefinition } from './extension.js';
import { type GeneralName, readGeneralNames } from './general-name.js';

/** RFC 5280 section 4.2.1.2. */
export const subjectKeyIdentifier: ExtensionDefinition<Buffer> = {
  oid: '2.5.29.14',
  name: 'subjectKeyIdentifier',
  section: '4.2.1.2',
  critical: false,
  read(value) {
    const { content } = readWhole(value, Tag.octetString, 'the key identifier');
    if (content.length === 0) throw new DerError('the key identifier is empty');
    return content;
  },
};

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Buffer | undefined;
  readonly authorityCertIssuer: readonly GeneralName[] | undefined;
  /** Two's complement octets. */
  readonly authorityCertSerialNumber: Buffer | undefined;
}

/** RFC 5280 section 4.2.1.1. */
export const authorityKeyIdentifier: ExtensionDefinition<AuthorityKeyIdentifier> = {
  oid: '2.5.29.35',
  name: 'authorityKeyIdentifier',
  section: '4.2.1.1',
  critical: false,
  read(value, problems) {
    const fields = readSequence(value, 'the authority key identifier');
    const keyIdentifier = fields.takeOptional(contextPrimitive(0));
    const issuer = fields.takeOptional(contextConstructed(1));
    const serialNumber = fields.takeOptional(contextPrimitive(2));
    fields.finish('the authority key identifier');
    if ((issuer === undefined) !== (serialNumber === undefined)) {
      problems.push('issuer and serial number must be present together');
    }
    return {
      keyIdentifier: keyIdentifier?.content,
      authorityCertIssuer: issuer && readGeneralNames(issuer.inside(), problems),
      authorityCertSerialNumber: serialNumber && readIntegerOctets(serialNumber),
    };
  },
};
