import { type Caller, mayAlso } from '../common/actor.js';
import { appError } from '../common/errors.js';
import { type Permission, permissionToWire } from '../common/permission.js';

/**
 * Returns the caller for a request that turns out to need more rights. If one is missing, the request continues in
 * self-admin mode if that is allowed, so that having some rights never removes what SelfAdmin alone allows (contract
 * 4.4).
 */
export async function callerWithRights(
  caller: Caller,
  clientExtId: string,
  permissions: readonly Permission[],
): Promise<Caller> {
  const missing = permissions.some((permission) => !mayAlso(caller, clientExtId, permission));
  if (missing && caller.asSelfAdmin !== undefined) return await caller.asSelfAdmin();
  requireRights(caller, clientExtId, permissions);
  return caller;
}

/** Requires additional rights that depend on the body or the row and were not checked by the guard. */
export function requireRights(caller: Caller, clientExtId: string, permissions: readonly Permission[]): void {
  const missing = permissions.filter((permission) => !mayAlso(caller, clientExtId, permission));
  if (missing.length === 0) return;
  throw appError({
    code: 'errors.permissionDenied',
    message: `This also requires ${permissions.map(permissionToWire).join(' and ')}.`,
  });
}
