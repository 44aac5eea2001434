import type { Caller } from '../common/actor.js';
import { type ErrorDetail, throwAll } from '../common/errors.js';

/**
 * Contract 4.6: users must not set members that control their own access. The error names each such member that was
 * sent.
 */
export function refuseAdministeredMembers<Sent extends object>(
  { mode }: Caller,
  sent: Sent,
  administered: readonly (keyof Sent & string)[],
): void {
  if (mode !== 'selfAdmin') return;
  throwAll(administered.filter((member) => sent[member] !== undefined).map(administeredMemberRefusal));
}

function administeredMemberRefusal(field: string): ErrorDetail {
  return { code: 'errors.permissionDenied', message: `${field} may only be sent by an administrator.`, field };
}
