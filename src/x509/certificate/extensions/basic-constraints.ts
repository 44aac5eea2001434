import { readSequence } from '../../der/der-reader.js';
import { readBoolean, readCount } from '../../der/primitives.js';
import { Tag } from '../../der/tag.js';
import type { ExtensionDefinition } from './extension.js';

export interface BasicConstraints {
  readonly cA: boolean;
  readonly pathLenConstraint: number | undefined;
}

/** RFC 5280 section 4.2.1.9. */
export const basicConstraints: ExtensionDefinition<BasicConstraints> = {
  oid: '2.5.29.19',
  name: 'basicConstraints',
  section: '4.2.1.9',
  critical: undefined,
  read(value, problems) {
    const fields = readSequence(value, 'the basic constraints');
    const flag = fields.takeOptional(Tag.boolean);
    const pathLength = fields.takeOptional(Tag.integer);
    fields.finish('the basic constraints');
    const cA = flag !== undefined && readBoolean(flag);
    if (flag !== undefined && !cA) problems.push('its default, no certification authority, is encoded');
    if (!cA && pathLength !== undefined) problems.push('a path length is present without a certification authority');
    return { cA, pathLenConstraint: pathLength && readCount(pathLength) };
  },
};
