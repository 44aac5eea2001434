import { isLongerThan } from '../common/text-length.js';
import { member, type MemberOptions } from './members.js';

export interface TextMapLimits {
  readonly names: number;
  /** Characters of a name. */
  readonly nameLength: number;
  /** Characters of a value. */
  readonly valueLength: number;
  /** Whether `null` is allowed as a value and removes the name. */
  readonly removable?: boolean;
}

/** Names with a special meaning in JavaScript are not allowed as names of a caller's members (contract 3.7). */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function isMapName(name: string, longest: number): boolean {
  return name !== '' && !isLongerThan(name, longest) && !RESERVED.has(name);
}

/** A member that is an object with names that the caller chooses and text values. */
export function textMap(limits: TextMapLimits, options: MemberOptions = {}): PropertyDecorator {
  const { names, nameLength, valueLength, removable = false } = limits;
  return member(
    {
      name: 'textMap',
      test: (value) => isTextMap(value, limits),
      message: `must be an object of at most ${names} names of 1 to ${nameLength} characters (${[...RESERVED].join(', ')} not among them), each with a text of at most ${valueLength} characters`,
      schema: {
        type: 'object',
        maxProperties: names,
        additionalProperties: { type: 'string', maxLength: valueLength, nullable: removable },
      },
    },
    options,
  );
}

function isTextMap(value: unknown, limits: TextMapLimits): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value as Record<string, unknown>);
  return entries.length <= limits.names && entries.every(([name, text]) => isMapEntry(name, text, limits));
}

/** Whether the limits allow this name with this value. */
export function isMapEntry(name: string, value: unknown, limits: TextMapLimits): boolean {
  return isMapName(name, limits.nameLength) && isMapValue(value, limits);
}

function isMapValue(value: unknown, { valueLength, removable = false }: TextMapLimits): boolean {
  return typeof value === 'string' ? !isLongerThan(value, valueLength) : removable && value === null;
}

/** Contract 2.14. */
export const PROPERTY_LIMITS = { names: 100, nameLength: 100, valueLength: 1000, removable: true };

/** A member with properties: `null` or an empty text removes a name. */
export function propertyMap(options: MemberOptions = {}): PropertyDecorator {
  return textMap(PROPERTY_LIMITS, { example: { costCentre: '4711' }, ...options });
}
