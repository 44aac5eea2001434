import { type Actor, holds, reaches } from '../common/actor.js';
import type { ErrorDetail } from '../common/errors.js';
import { type Permission, permissionToWire } from '../common/permission.js';

/** Whether somebody without the rights may do this to his own record, and with what (contract 4.4, 4.5). */
export type SelfAdmin = 'denied' | 'allowed' | 'withXToken';

export interface RequiredRights {
  readonly permissions: readonly Permission[];
  readonly selfAdmin: SelfAdmin;
  /** Whether only a data room of all clients will do; for what concerns no client that exists. */
  readonly everyClient?: boolean;
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
  const reached = required.everyClient
    ? actor.dataRoom === 'all'
    : subject.clientExtId === undefined || reaches(actor, subject.clientExtId);
  if (missing.length === 0 && reached) return 'administrator';
  if (required.selfAdmin !== 'denied' && holds(actor, 'SelfAdmin') && isOwn(actor, subject)) return 'selfAdmin';
  return missing.length > 0
    ? {
        code: 'errors.permissionDenied',
        message: `This needs ${required.permissions.map(permissionToWire).join(' and ')}.`,
      }
    : {
        code: 'errors.dataroomDenied',
        message: required.everyClient
          ? 'This needs a data room of all clients.'
          : "The client is not in the caller's data room.",
      };
}

function isOwn(actor: Actor, subject: Subject): boolean {
  return subject.clientExtId === actor.clientExtId && subject.userExtId === actor.userExtId;
}
