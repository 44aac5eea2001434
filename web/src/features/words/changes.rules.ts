import type { AuditEventResource, ValueChangeResource } from '../../api/generated/types.gen.js';

type Value = ValueChangeResource['from'];

export interface MemberChange {
  /** The path of the member, as `name.firstName`. */
  readonly member: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What changed, with the parts of a member such as `name` one by one. */
export function memberChanges(changes: AuditEventResource['changes']): readonly MemberChange[] {
  return Object.entries(changes ?? {}).flatMap(([member, { from, to }]) => {
    const [before, after] = [partsOf(from), partsOf(to)];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((part) => ({
      member: part === '' ? member : `${member}.${part}`,
      from: textOf(before[part]),
      to: textOf(after[part]),
    }));
  });
}

/** A value without parts has one, without a name. */
function partsOf(value: Value): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? value : { '': value };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
