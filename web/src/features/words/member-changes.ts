import type { AuditEventResource, ValueChangeResource } from '../../api/generated/types.gen.js';

type Value = ValueChangeResource['from'];

export interface MemberChange {
  /** The path of the member, as `name.firstName`. */
  readonly member: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * What changed, with the parts of a member such as `name` one by one, and of a list only what differs. A member without
 * either value has a secret one.
 */
export function memberChanges(changes: AuditEventResource['changes']): readonly MemberChange[] {
  return Object.entries(changes ?? {}).flatMap(([member, { from, to }]) => {
    if (from === undefined && to === undefined) return [{ member, from, to }];
    const [before, after] = [partsOf(from), partsOf(to)];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((part) => ({
      member: part === '' ? member : `${member}.${part}`,
      from: textOf(before[part], after[part]),
      to: textOf(after[part], before[part]),
    }));
  });
}

/** A value without parts has one, without a name. */
function partsOf(value: Value): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? value : { '': value };
}

function textOf(value: unknown, other: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  const items = value.map(itemText);
  const others = new Set(Array.isArray(other) ? other.map(itemText) : []);
  const differing = items.filter((item) => !others.has(item));
  const hasOtherOrder = differing.length === 0 && others.size === items.length;
  const shown = hasOtherOrder ? items : differing;
  return shown.length === 0 ? undefined : shown.join(', ');
}

function itemText(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}
