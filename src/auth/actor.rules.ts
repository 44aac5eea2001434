import type { Actor, DataRoom } from '../common/actor.js';
import type { ClaimNames } from '../common/claim-names.js';
import { type Permission, permissionFromWire } from '../common/permission.js';

export type Claims = Readonly<Record<string, unknown>>;

/** What a name in a token may be: it is written into trail and log, so no control characters and no lone surrogates. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/** Contract 4.1: the caller as a verified token describes him, or undefined where it names no user or no client. */
export function actorFromClaims(
  claims: Claims,
  names: ClaimNames,
  roles: ReadonlyMap<string, readonly Permission[]>,
): Actor | undefined {
  const userExtId = claims['sub'];
  const clientExtId = claims[names.client];
  if (!isName(userExtId) || !isName(clientExtId)) return undefined;
  return {
    userExtId,
    clientExtId,
    permissions: permissionsOf(claims[names.permissions], claims[names.roles], roles),
    dataRoom: dataRoomOf(claims[names.dataRoom], clientExtId),
  };
}

function permissionsOf(
  permissions: unknown,
  roleNames: unknown,
  roles: ReadonlyMap<string, readonly Permission[]>,
): ReadonlySet<Permission> {
  const granted = new Set<Permission>();
  for (const name of textsOf(permissions)) {
    const permission = permissionFromWire(name);
    if (permission !== undefined) granted.add(permission);
  }
  for (const role of textsOf(roleNames)) {
    for (const permission of roles.get(role) ?? []) granted.add(permission);
  }
  return granted;
}

/** Absent: the caller's own client. Empty or of another type: no client at all. */
function dataRoomOf(claim: unknown, ownClient: string): DataRoom {
  if (claim === undefined) return new Set([ownClient]);
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return new Set();
  const { clients } = claim as { clients?: unknown };
  if (clients === undefined) return new Set([ownClient]);
  if (!Array.isArray(clients) || !clients.every((client) => typeof client === 'string')) return new Set();
  if (clients.length === 1 && clients[0] === '*') return 'all';
  return new Set(clients);
}

function textsOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim.filter((entry) => typeof entry === 'string') : [];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
