import type { Permission } from './permission.js';

/** The authenticated caller, as his token says (contract 4.1). */
export interface Actor {
  /** `sub`: the caller's user extId; an administrator's need not exist here. */
  readonly userExtId: string;
  readonly clientExtId: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly dataRoom: DataRoom;
}

export type DataRoom = 'all' | ReadonlySet<string>;

/** An X-Token that was verified; what depends on the password's age is decided with the row (contract 7.2). */
export interface VerifiedXToken {
  readonly issuedAt: Date;
  /** Of the password that bought it. */
  readonly passwordGeneration: string | undefined;
}

/**
 * How this caller may do what he asks: with his rights, or on his own record only (contract 4.4).
 * What a service needs to know of a request, and nothing else of it.
 */
export interface Caller {
  readonly actor: Actor;
  readonly mode: 'administrator' | 'selfAdmin';
  readonly xToken: VerifiedXToken | undefined;
  /**
   * The same caller in self-admin mode, with its demands of an X-Token; present where rights led to this mode and the
   * record is the caller's own. For rights that turn out to be needed later (contract 4.4).
   */
  readonly asSelfAdmin?: () => Promise<Caller>;
  readonly now: Date;
  readonly requestId: string;
  /** Where the request came from, as far as it is known. */
  readonly address?: string | undefined;
  /** Aborted with a `CallerLeftError` where the caller has left before the answer; absent where no request is behind it. */
  readonly signal?: AbortSignal;
}

export function holds(actor: Actor, permission: Permission): boolean {
  return actor.permissions.has(permission);
}

export function reaches(actor: Actor, clientExtId: string): boolean {
  return actor.dataRoom === 'all' || actor.dataRoom.has(clientExtId);
}

/** Whether the caller has a right beside those that his route asks for; it counts inside his data room only (4.3). */
export function mayAlso({ actor }: Caller, clientExtId: string, permission: Permission): boolean {
  return holds(actor, permission) && reaches(actor, clientExtId);
}

/** Who stands in the audit log where the server itself changes something of a client. */
export function systemCaller(clientExtId: string, now: Date, requestId: string, userExtId = 'system'): Caller {
  return {
    actor: { userExtId, clientExtId, permissions: new Set(), dataRoom: new Set([clientExtId]) },
    mode: 'administrator',
    xToken: undefined,
    now,
    requestId,
  };
}
