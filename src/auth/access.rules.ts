import { type Actor, holds, reaches } from '../common/actor.js';
import type { ErrorDetail } from '../common/errors.js';
import { type Permission, permissionToWire } from '../common/permission.js';

/** Whether somebody without the rights may do this to his own record, and with what (contract 4.4, 4.5). */
export type SelfAdmin = 'denied' | 'allowed' | 'withXToken';

export interface RequiredRights {
  readonly permissions: readonly Permission[];
  readonly selfAdmin: SelfAdmin;
  /** Which clients the caller's data room must hold: the one in the path, all, or none because no client is concerned. */
  readonly dataRoom: 'clientInPath' | 'everyClient' | 'none';
}

/** The client, and where the path names one the user, that a request is about. */
export interface Subject {
  readonly clientExtId: string | undefined;
  readonly userExtId: string | undefined;
}

export type AccessMode = 'administrator' | 'selfAdmin';

/**
 * Contract 4.3 and 4.4. Decided on token and path alone: whether the client exists changes nothing of the answer.
 */
export function decideAccess(actor: Actor, required: RequiredRights, subject: Subject): AccessMode | ErrorDetail {
  const missing = required.permissions.filter((permission) => !holds(actor, permission));
  const reached = isReached(actor, required, subject);
  if (missing.length === 0 && reached) return required.dataRoom === 'none' ? modeWithoutClient(actor) : 'administrator';
  if (mayActAsSelf(actor, required, subject)) return 'selfAdmin';
  return missing.length > 0
    ? {
        code: 'errors.permissionDenied',
        message: `This needs ${required.permissions.map(permissionToWire).join(' and ')}.`,
      }
    : {
        code: 'errors.dataroomDenied',
        message:
          required.dataRoom === 'everyClient'
            ? 'This needs a data room of all clients.'
            : "The client is not in the caller's data room.",
      };
}

/** Whether self-admin mode is open to the caller here, should rights not suffice (contract 4.4). */
export function mayActAsSelf(actor: Actor, { selfAdmin }: RequiredRights, subject: Subject): boolean {
  return selfAdmin !== 'denied' && holds(actor, 'SelfAdmin') && isOwn(actor, subject);
}

/** On routes that concern no client, whoever has no right beside SelfAdmin is there on their own account (contract 4.4). */
export function modeWithoutClient({ permissions }: Actor): AccessMode {
  return [...permissions].every((permission) => permission === 'SelfAdmin') ? 'selfAdmin' : 'administrator';
}

/** A route that is about a client and has none in its path is about none that anybody reaches. */
function isReached(actor: Actor, { dataRoom }: RequiredRights, { clientExtId }: Subject): boolean {
  if (dataRoom === 'none') return true;
  if (dataRoom === 'everyClient') return actor.dataRoom === 'all';
  return clientExtId !== undefined && reaches(actor, clientExtId);
}

function isOwn(actor: Actor, subject: Subject): boolean {
  return subject.clientExtId === actor.clientExtId && subject.userExtId === actor.userExtId;
}
