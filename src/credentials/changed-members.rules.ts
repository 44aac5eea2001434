import { effectiveState } from './credential-state.rules.js';
import type { AdministeredColumns } from './credential.table.js';

/** The members of a credential that administration changes, with their names in the audit log. */
export type ChangedMember =
  | 'validity'
  | 'stateName'
  | 'stateChangeReason'
  | 'stateChangeDetail'
  | 'replacedBy'
  | 'disabledOn'
  | 'modificationComment';

/** The members that have a different value for a reader. */
export function changedMembers(
  before: AdministeredColumns,
  after: AdministeredColumns,
  now: Date,
): readonly ChangedMember[] {
  const was = effectiveState(before, now);
  const is = effectiveState(after, now);
  const changed: [ChangedMember, boolean][] = [
    ['validity', !sameInstant(before.validFrom, after.validFrom) || !sameInstant(before.validTo, after.validTo)],
    ['stateName', was.stateName !== is.stateName],
    ['stateChangeReason', was.stateChangeReason !== is.stateChangeReason],
    ['stateChangeDetail', was.stateChangeDetail !== is.stateChangeDetail],
    ['replacedBy', before.replacedBy !== after.replacedBy],
    ['disabledOn', !sameInstant(before.disabledOn, after.disabledOn)],
    ['modificationComment', before.comment !== after.comment],
  ];
  return changed.filter(([, differs]) => differs).map(([member]) => member);
}

function sameInstant(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
