import type { Caller } from '../common/actor.js';
import type { ErrorDetail } from '../common/errors.js';
import type { Permission } from '../common/permission.js';
import type { UserMember, UserUpdate } from './user.rules.js';
import type { UserColumns } from './user.table.js';

/** What U1 needs besides UserCreate (contract 1). */
export function rightsForCreation(sent: {
  readonly isTechnicalUser?: boolean | undefined;
  readonly loginId?: string | undefined;
}): readonly Permission[] {
  return [
    ...(sent.isTechnicalUser === true ? (['UserCreateTechUser'] as const) : []),
    ...(sent.loginId === undefined ? [] : (['LoginIdOverride'] as const)),
  ];
}

/** U3 or U5: archiving through either needs the same (contract 2.5), but only U3 is a modification. */
export type UpdateRoute = 'change' | 'archive';

/** What an update needs besides the rights of its route, once the user and the change are known. */
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
 * What administrators alone decide about a user: how long they may log in, remarks about them, and properties, by which
 * other systems may grant them rights (docs/adr/0005).
 */
const ADMINISTERED: readonly UserMember[] = ['validity', 'properties', 'remarks'];

/** The members that a self-admin would change and may not. */
export function refusalsOfSelfAdmin({ changed }: UserUpdate): readonly ErrorDetail[] {
  return changed
    .filter((member) => ADMINISTERED.includes(member))
    .map((field) => ({
      code: 'errors.permissionDenied',
      message: `A user may not change their own ${field}.`,
      field,
    }));
}

/** Contract 4.5: an own e-mail or state that is sent with another value than the stored one. */
export function needsXToken(current: UserColumns, { next }: UserUpdate): boolean {
  return current.email !== next.email || current.state !== next.state;
}
