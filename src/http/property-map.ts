import type { MemberOptions } from './members.js';
import { textMap } from './text-map.js';

/** A member that holds properties (contract 2.14): `null` or an empty text removes a name. */
export function propertyMap(options: MemberOptions = {}): PropertyDecorator {
  return textMap(
    { names: 100, nameLength: 100, valueLength: 1000, removable: true },
    { example: { costCentre: '4711' }, ...options },
  );
}
