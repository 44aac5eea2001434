import type { Caller } from '../common/actor.js';
import type { ErrorDetail } from '../common/errors.js';
import type { Permission } from '../common/permission.js';
import type { UserMember, UserUpdate } from './user.rules.js';
import type { UserColumns } from './user.table.js';

/** The rights that U1 needs in addition to UserCreate (contract 1). */
export function rightsForCreation(sent: {
  readonly isTechnicalUser?: boolean | undefined;
  readonly loginId?: string | undefined;
}): readonly Permission[] {
  return [
    ...(sent.isTechnicalUser === true ? (['UserCreateTechUser'] as const) : []),
    ...(sent.loginId === undefined ? [] : (['LoginIdOverride'] as const)),
  ];
}

/** U3 or U5. Archiving needs the same rights through either (contract 2.5), but only U3 counts as a modification. */
export type UpdateRoute = 'change' | 'archive';

/** The rights that an update needs in addition to those of its route, once the user and the change are known. */
export function rightsForUpdate(
  mode: Caller['mode'],
  route: UpdateRoute,
  { isTechnicalUser }: UserColumns,
  { changed, archives }: UserUpdate,
): readonly Permission[] {
  const modifies = route === 'change' && mode === 'administrator';
  return [
    ...(modifies && isTechnicalUser ? (['UserModifyTechUser'] as const) : []),
    ...(archives ? (['UserView', 'UserArchive'] as const) : []),
    ...((archives || route === 'archive') && isTechnicalUser ? (['UserArchiveTechUser'] as const) : []),
    ...(changed.includes('loginId') ? (['LoginIdOverride'] as const) : []),
  ];
}

/**
 * The members that only administrators may change: the validity, remarks, and properties, which may grant rights in
 * other systems (docs/adr/0005).
 */
const ADMINISTERED: readonly UserMember[] = ['validity', 'properties', 'remarks'];

/** An error for each member that a self-admin would change but may not. */
export function selfAdminErrors({ changed }: UserUpdate): readonly ErrorDetail[] {
  return changed
    .filter((member) => ADMINISTERED.includes(member))
    .map((field) => ({
      code: 'errors.permissionDenied',
      message: `A user may not change their own ${field}.`,
      field,
    }));
}

/** Contract 4.5: the user's own e-mail or state is sent with a value other than the stored one. */
export function needsXToken(current: UserColumns, { next }: UserUpdate): boolean {
  return current.email !== next.email || current.state !== next.state;
}
