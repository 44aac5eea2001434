import type { MemberOptions } from './members.js';
import { textMap } from './text-map.js';

/** Contract 2.14. */
export const PROPERTY_LIMITS = { names: 100, nameLength: 100, valueLength: 1000, removable: true };

/** A member with properties: `null` or an empty text removes a name. */
export function propertyMap(options: MemberOptions = {}): PropertyDecorator {
  return textMap(PROPERTY_LIMITS, { example: { costCentre: '4711' }, ...options });
}
