import { readCharacterString } from '../../der/character-string.js';
import { DerError } from '../../der/der-error.js';
import { type DerReader, readSequence, readWhole } from '../../der/der-reader.js';
import { readObjectIdentifier } from '../../der/object-identifier.js';
import { readCount } from '../../der/primitives.js';
import { contextPrimitive, Tag } from '../../der/tag.js';
import type { ExtensionDefinition } from './extension.js';

const CPS_POINTER = '1.3.6.1.5.5.7.2.1';
const USER_NOTICE = '1.3.6.1.5.5.7.2.2';

/** RFC 5280 section 4.2.1.4: dotted OIDs of the policies, in order. Qualifiers are checked but not returned. */
export const certificatePolicies: ExtensionDefinition<readonly string[]> = {
  oid: '2.5.29.32',
  name: 'certificatePolicies',
  section: '4.2.1.4',
  critical: undefined,
  read(value, problems) {
    const policies: string[] = [];
    for (const list = readSequence(value, 'the list of policies'); !list.atEnd;) {
      const information = list.take(Tag.sequence, 'a policy').inside();
      policies.push(readObjectIdentifier(information.take(Tag.objectIdentifier, 'a policy identifier')));
      const qualifiers = information.takeOptional(Tag.sequence);
      information.finish('a policy');
      if (qualifiers !== undefined) checkQualifiers(qualifiers.inside(), problems);
    }
    if (policies.length === 0) throw new DerError('no policy is named');
    if (new Set(policies).size < policies.length) problems.push('a policy is named twice');
    return policies;
  },
};

function checkQualifiers(qualifiers: DerReader, problems: string[]): void {
  if (qualifiers.atEnd) problems.push('a list of qualifiers is empty');
  while (!qualifiers.atEnd) {
    const fields = qualifiers.take(Tag.sequence, 'a policy qualifier').inside();
    const type = readObjectIdentifier(fields.take(Tag.objectIdentifier, 'the type of a qualifier'));
    const qualifier = fields.next();
    fields.finish('a policy qualifier');
    if (type === CPS_POINTER && qualifier.tag !== Tag.ia5String) problems.push('a CPS pointer is not an IA5String');
    if (type === CPS_POINTER) readCharacterString(qualifier, problems);
    if (type === USER_NOTICE && qualifier.tag !== Tag.sequence) problems.push('a user notice is not a sequence');
  }
}

export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

/** RFC 5280 section 4.2.1.5. */
export const policyMappings: ExtensionDefinition<readonly PolicyMapping[]> = {
  oid: '2.5.29.33',
  name: 'policyMappings',
  section: '4.2.1.5',
  critical: undefined,
  read(value) {
    const mappings: PolicyMapping[] = [];
    for (const list = readSequence(value, 'the list of mappings'); !list.atEnd;) {
      const mapping = list.take(Tag.sequence, 'a mapping').inside();
      const issuerDomainPolicy = readObjectIdentifier(mapping.take(Tag.objectIdentifier, 'a policy'));
      const subjectDomainPolicy = readObjectIdentifier(mapping.take(Tag.objectIdentifier, 'a policy'));
      mapping.finish('a mapping');
      mappings.push({ issuerDomainPolicy, subjectDomainPolicy });
    }
    if (mappings.length === 0) throw new DerError('no policy is mapped');
    return mappings;
  },
};

export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

/** RFC 5280 section 4.2.1.11. */
export const policyConstraints: ExtensionDefinition<PolicyConstraints> = {
  oid: '2.5.29.36',
  name: 'policyConstraints',
  section: '4.2.1.11',
  critical: true,
  read(value) {
    const fields = readSequence(value, 'the policy constraints');
    const explicit = fields.takeOptional(contextPrimitive(0));
    const mapping = fields.takeOptional(contextPrimitive(1));
    fields.finish('the policy constraints');
    if (explicit === undefined && mapping === undefined) throw new DerError('nothing is constrained');
    return {
      requireExplicitPolicy: explicit && readCount(explicit),
      inhibitPolicyMapping: mapping && readCount(mapping),
    };
  },
};

/** RFC 5280 section 4.2.1.14: the number of further certificates in the path for which anyPolicy is still valid. */
export const inhibitAnyPolicy: ExtensionDefinition<number> = {
  oid: '2.5.29.54',
  name: 'inhibitAnyPolicy',
  section: '4.2.1.14',
  critical: true,
  read: (value) => readCount(readWhole(value, Tag.integer, 'the number of certificates')),
};
