import type { Permission } from './permission.js';

/** The names of the claims with the values of contract 4.1; `sub`, `exp`, `iss` and `aud` have their standard names. */
export interface ClaimNames {
  readonly client: string;
  readonly permissions: string;
  readonly roles: string;
  readonly dataRoom: string;
}

/** The authenticated caller, as described by the token (contract 4.1). */
export interface Actor {
  /** `sub`: the caller's user extId; an administrator need not exist on this server. */
  readonly userExtId: string;
  readonly clientExtId: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly dataRoom: DataRoom;
}

export type DataRoom = 'all' | ReadonlySet<string>;

/** A verified X-Token. Whether it is older than the password is decided when the row is read (contract 7.2). */
export interface VerifiedXToken {
  readonly issuedAt: Date;
  /** Generation of the password for which it was issued. */
  readonly passwordGeneration: string | undefined;
}

/**
 * The caller as the services see it: everything that they need to know about a request. `mode` says whether the caller
 * acts with rights or on their own record (contract 4.4).
 */
export interface Caller {
  readonly actor: Actor;
  readonly mode: 'administrator' | 'selfAdmin';
  readonly xToken: VerifiedXToken | undefined;
  /**
   * Switches to self-admin mode and checks the X-Token if that is needed. Present if the caller has the rights of the
   * route and the record is their own; used if further rights turn out to be missing (contract 4.4).
   */
  readonly asSelfAdmin?: () => Promise<Caller>;
  readonly now: Date;
  readonly requestId: string;
  /** Where the request came from, as far as it is known. */
  readonly address?: string | undefined;
  /** Aborted with a `CallerLeftError` if the connection closes before the response; absent if there is no request. */
  readonly signal?: AbortSignal;
}

export function holds(actor: Actor, permission: Permission): boolean {
  return actor.permissions.has(permission);
}

export function reaches(actor: Actor, clientExtId: string): boolean {
  return actor.dataRoom === 'all' || actor.dataRoom.has(clientExtId);
}

/** Whether the caller has a right in addition to those of the route; it counts only inside the data room (4.3). */
export function mayAlso({ actor }: Caller, clientExtId: string, permission: Permission): boolean {
  return holds(actor, permission) && reaches(actor, clientExtId);
}

/** The actor in the audit log for changes that the server itself makes in a client. */
export function systemCaller(clientExtId: string, now: Date, requestId: string, userExtId = 'system'): Caller {
  return {
    actor: { userExtId, clientExtId, permissions: new Set(), dataRoom: new Set([clientExtId]) },
    mode: 'administrator',
    xToken: undefined,
    now,
    requestId,
  };
}
