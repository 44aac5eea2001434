import { DerError } from '../../der/der-error.js';
import { type DerValue, readSequence } from '../../der/der-reader.js';
import { readCount } from '../../der/primitives.js';
import { contextConstructed, contextPrimitive, Tag } from '../../der/tag.js';
import { readSubnet } from '../../name/ip-subnets.js';
import type { ExtensionDefinition } from './extension.js';
import { type GeneralName, readGeneralName } from './general-name.js';

export interface NameConstraints {
  readonly permittedSubtrees: readonly GeneralName[];
  readonly excludedSubtrees: readonly GeneralName[];
}

/** Address and mask. */
const SUBNET_LENGTHS = [8, 32];

/** RFC 5280 section 4.2.1.10. */
export const nameConstraints: ExtensionDefinition<NameConstraints> = {
  oid: '2.5.29.30',
  name: 'nameConstraints',
  section: '4.2.1.10',
  critical: true,
  read(value, problems) {
    const fields = readSequence(value, 'the name constraints');
    const permitted = fields.takeOptional(contextConstructed(0));
    const excluded = fields.takeOptional(contextConstructed(1));
    fields.finish('the name constraints');
    if (permitted === undefined && excluded === undefined) throw new DerError('nothing is constrained');
    return {
      permittedSubtrees: permitted === undefined ? [] : readSubtrees(permitted, problems),
      excludedSubtrees: excluded === undefined ? [] : readSubtrees(excluded, problems),
    };
  },
};

function readSubtrees(value: DerValue, problems: string[]): GeneralName[] {
  const bases: GeneralName[] = [];
  for (const subtrees = value.inside(); !subtrees.atEnd;) {
    const subtree = subtrees.take(Tag.sequence, 'a subtree').inside();
    const encodedBase = subtree.next();
    const base = readGeneralName(encodedBase, problems, SUBNET_LENGTHS);
    if (base.kind === 'iPAddress' && readSubnet(base.value) === undefined) problems.push('an address mask has a gap');
    const minimum = subtree.takeOptional(contextPrimitive(0));
    const maximum = subtree.takeOptional(contextPrimitive(1));
    subtree.finish('a subtree');
    // Within RFC 5280 the minimum is always the default, zero, and there is never a maximum. A subtree of other depths is
    // not the one that its base names.
    if (minimum !== undefined || maximum !== undefined) problems.push('a subtree has a minimum or maximum');
    const isWhole = maximum === undefined && (minimum === undefined || readCount(minimum) === 0);
    bases.push(isWhole ? base : { kind: 'unreadable', value: encodedBase.bytes });
  }
  if (bases.length === 0) throw new DerError('a list of subtrees is empty');
  return bases;
}
