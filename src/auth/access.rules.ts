import { type Actor, type Caller, holds, reaches } from '../common/actor.js';
import { type ErrorDetail, throwAll } from '../common/errors.js';
import { type Permission, permissionToWire } from '../common/permission.js';

/**
 * Whether users without the rights may access their own record, and whether that needs an X-Token (contract 4.4, 4.5).
 */
export type SelfAdmin = 'denied' | 'allowed' | 'withXToken';

export interface RequiredRights {
  readonly permissions: readonly Permission[];
  readonly selfAdmin: SelfAdmin;
  /**
   * The clients that the caller's data room must include: the one in the path, all, or none if the route concerns no
   * client.
   */
  readonly dataRoom: 'clientInPath' | 'everyClient' | 'none';
}

/** The client and, if the path contains one, the user of a request. */
export interface Subject {
  readonly clientExtId: string | undefined;
  readonly userExtId: string | undefined;
}

export type AccessMode = 'administrator' | 'selfAdmin';

/** Contract 4.3 and 4.4. Decided on token and path alone: whether the client exists does not change the result. */
export function decideAccess(actor: Actor, required: RequiredRights, subject: Subject): AccessMode | ErrorDetail {
  const missing = required.permissions.filter((permission) => !holds(actor, permission));
  const reached = isReached(actor, required, subject);
  if (missing.length === 0 && reached) return required.dataRoom === 'none' ? modeWithoutClient(actor) : 'administrator';
  if (mayActAsSelf(actor, required, subject)) return 'selfAdmin';
  return missing.length > 0
    ? {
        code: 'errors.permissionDenied',
        message: `This requires ${required.permissions.map(permissionToWire).join(' and ')}.`,
      }
    : {
        code: 'errors.dataroomDenied',
        message:
          required.dataRoom === 'everyClient'
            ? 'This requires a data room of all clients.'
            : "The client is not in the caller's data room.",
      };
}

/** Whether the caller may act in self-admin mode if the rights are not sufficient (contract 4.4). */
export function mayActAsSelf(actor: Actor, { selfAdmin }: RequiredRights, subject: Subject): boolean {
  return selfAdmin !== 'denied' && holds(actor, 'SelfAdmin') && isOwn(actor, subject);
}

/**
 * On routes that concern no client, a caller with no right other than SelfAdmin acts in self-admin mode (contract 4.4).
 */
export function modeWithoutClient({ permissions }: Actor): AccessMode {
  return [...permissions].every((permission) => permission === 'SelfAdmin') ? 'selfAdmin' : 'administrator';
}

/** A route that needs a client but has none in its path is never in a data room. */
function isReached(actor: Actor, { dataRoom }: RequiredRights, { clientExtId }: Subject): boolean {
  if (dataRoom === 'none') return true;
  if (dataRoom === 'everyClient') return actor.dataRoom === 'all';
  return clientExtId !== undefined && reaches(actor, clientExtId);
}

function isOwn(actor: Actor, subject: Subject): boolean {
  return subject.clientExtId === actor.clientExtId && subject.userExtId === actor.userExtId;
}

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
