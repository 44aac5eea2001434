import { isDeepStrictEqual } from 'node:util';

import { type Denial, denialIf, type NO_DENIAL } from '../denials/denial.model.js';
import type { UserColumns } from './user.table.js';

/** What of the user decides whether a login with one of their certificates succeeds: policies compare names as well. */
const DECISIVE = [
  'state',
  'validFrom',
  'validTo',
  'loginId',
  'firstName',
  'familyName',
  'email',
] as const satisfies readonly (keyof UserColumns)[];

export type DeniableUser = Pick<UserColumns, (typeof DECISIVE)[number]>;

/** What a change of a user tells gateways (contract 15.8). `after` is undefined if the user is deleted. */
export function denialOfUser(
  userExtId: string,
  before: DeniableUser,
  after: DeniableUser | undefined,
): Denial | typeof NO_DENIAL {
  const isSame = after !== undefined && DECISIVE.every((member) => isDeepStrictEqual(before[member], after[member]));
  return denialIf(before.state === 'active' && !isSame, { kind: 'user', value: userExtId });
}
