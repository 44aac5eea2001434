import { type Caller, mayAlso } from '../common/actor.js';
import { appError } from '../common/errors.js';
import { type Permission, permissionToWire } from '../common/permission.js';

/**
 * As whom a request goes on that needs these rights as well: where one is missing, in self-admin mode if that is open,
 * so that no right takes away what SelfAdmin alone allows (contract 4.4).
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

/** For rights that only the body or the row shows to be needed, beside those that the guard has asked for. */
export function requireRights(caller: Caller, clientExtId: string, permissions: readonly Permission[]): void {
  const missing = permissions.filter((permission) => !mayAlso(caller, clientExtId, permission));
  if (missing.length === 0) return;
  throw appError({
    code: 'errors.permissionDenied',
    message: `This needs ${permissions.map(permissionToWire).join(' and ')} as well.`,
  });
}
