import type { Actor, ClaimNames, DataRoom } from '../common/actor.js';
import { isExternalId } from '../common/external-id.js';
import { isMisspeltPermission, type Permission, permissionFromWire } from '../common/permission.js';
import { claimAt, type Claims, isObject, kindOf, type ReportProblem, shown, wordsOf } from './claims.rules.js';

/**
 * The names allowed in a token. They are written to the audit log and the log, so control characters and unpaired
 * surrogates are excluded.
 */
const NAME = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

type Roles = ReadonlyMap<string, readonly Permission[]>;

/**
 * Contract 4.1: the caller as a verified token describes them, or undefined if it contains no user or no client. A
 * claim that cannot be read grants nothing, and is reported.
 */
export function actorFromClaims(
  claims: Claims,
  names: ClaimNames,
  roles: Roles,
  report: ReportProblem,
): Actor | undefined {
  const userExtId = nameOf(claims, 'sub', report);
  const clientExtId = nameOf(claims, names.client, report);
  if (userExtId === undefined || clientExtId === undefined) return undefined;
  return {
    userExtId,
    clientExtId,
    permissions: permissionsOf(claims, names, roles, report),
    dataRoom: dataRoomOf(claimAt(claims, names.dataRoom), names.dataRoom, clientExtId, report),
  };
}

function nameOf(claims: Claims, claim: string, report: ReportProblem): string | undefined {
  const value = claimAt(claims, claim);
  if (typeof value === 'string' && NAME.test(value)) return value;
  const found = typeof value === 'string' ? 'text that is not a valid name' : kindOf(value);
  report({ claim, found, expected: 'text of 1 to 255 characters without control characters' });
  return undefined;
}

function permissionsOf(
  claims: Claims,
  names: ClaimNames,
  roles: Roles,
  report: ReportProblem,
): ReadonlySet<Permission> {
  let hasProblem = false;
  const note: ReportProblem = (problem) => {
    hasProblem = true;
    report(problem);
  };
  const granted = new Set<Permission>();
  const rightNames = wordsOf(claimAt(claims, names.permissions), names.permissions, note);
  for (const name of rightNames) {
    const permission = permissionFromWire(name);
    if (permission !== undefined) granted.add(permission);
  }
  const misspelt = rightNames.filter((name) => permissionFromWire(name) === undefined && isMisspeltPermission(name));
  if (misspelt.length > 0) {
    const expected = 'rights in the form AccessControl.CredentialView';
    note({ claim: names.permissions, found: 'misspelt rights', expected, names: shown(misspelt) });
  }
  const roleNames = wordsOf(claimAt(claims, names.roles), names.roles, note);
  for (const role of roleNames) {
    for (const permission of roles.get(role) ?? []) granted.add(permission);
  }
  if (granted.size === 0 && !hasProblem && rightNames.length + roleNames.length > 0) {
    const [claim, unknown] = roleNames.length > 0 ? [names.roles, roleNames] : [names.permissions, rightNames];
    const expected = 'a configured role, or a right';
    report({ claim, found: 'names that grant no right', expected, names: shown(unknown) });
  }
  return granted;
}

/** Absent: the caller's own client. Empty or of another type: no client at all. */
function dataRoomOf(value: unknown, claim: string, ownClient: string, report: ReportProblem): DataRoom {
  const expected = '{"clients": ["100", …]} or {"clients": ["*"]}';
  if (value === undefined) return new Set([ownClient]);
  if (!isObject(value)) {
    report({ claim, found: kindOf(value), expected });
    return new Set();
  }
  if (!Object.hasOwn(value, 'clients')) return new Set([ownClient]);
  const { clients } = value;
  if (!Array.isArray(clients) || !clients.every((client) => typeof client === 'string')) {
    const found = Array.isArray(clients)
      ? 'clients: a list with values that are not text'
      : `clients: ${kindOf(clients)}`;
    report({ claim, found, expected });
    return new Set();
  }
  if (clients.length === 1 && clients[0] === '*') return 'all';
  if (clients.includes('*')) report({ claim, found: 'clients: * together with others, which is ignored', expected });
  const others = clients.filter((client) => client !== '*');
  const ids = others.filter(isExternalId);
  if (ids.length < others.length) report({ claim, found: 'clients: text that is not an extId', expected });
  return new Set(ids);
}
