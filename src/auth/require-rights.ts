import { type Caller, mayAlso } from '../common/actor.js';
import { appError } from '../common/errors.js';
import { type Permission, permissionToWire } from '../common/permission.js';

/** For rights that only the body or the row shows to be needed, beside those that the guard has asked for. */
export function requireRights(caller: Caller, clientExtId: string, permissions: readonly Permission[]): void {
  const missing = permissions.filter((permission) => !mayAlso(caller, clientExtId, permission));
  if (missing.length === 0) return;
  throw appError({
    code: 'errors.permissionDenied',
    message: `This needs ${permissions.map(permissionToWire).join(' and ')} as well.`,
  });
}
