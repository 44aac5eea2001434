import type { Caller } from '../common/actor.js';
import { type ErrorDetail, throwAll } from '../common/errors.js';

/** Contract 4.6: nothing that decides over a user is chosen by that user. Names each such member that was sent. */
export function requireOwnMembers<Sent extends object>(
  { mode }: Caller,
  sent: Sent,
  administered: readonly (keyof Sent & string)[],
): void {
  if (mode !== 'selfAdmin') return;
  throwAll(administered.filter((member) => sent[member] !== undefined).map(refusalOfOwnMember));
}

function refusalOfOwnMember(field: string): ErrorDetail {
  return { code: 'errors.permissionDenied', message: `${field} may only be sent by an administrator.`, field };
}
