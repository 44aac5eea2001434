import type {
  CertificateResource,
  LookupReading,
  LookupResource,
  UserResource,
} from '../../api/generated/types.gen.js';
import { certificateAddress, consoleOf, userAddress } from '../certificates/addresses.js';
import { searchTarget } from './search-address.js';
import type { FoundUsers } from './use-lookup.js';

/** What can be chosen in the list of results. */
export type ResultOption = { readonly id: string; readonly to: string; readonly state?: unknown } & (
  | { readonly kind: 'certificate'; readonly certificate: CertificateResource }
  | { readonly kind: 'user'; readonly userExtId: string; readonly user?: UserResource }
  | { readonly kind: 'refusedLogin'; readonly at: string }
  | { readonly kind: 'list' | 'userList'; readonly text: string }
  | { readonly kind: 'all' }
);

export interface ResultGroup {
  readonly kind: LookupReading | 'users' | 'all';
  readonly value: string;
  readonly options: readonly ResultOption[];
}

/** At most as many of one reading; the page has all of them. */
const MAX_OF_READING = 6;

/**
 * Groups with something to choose. A certificate or a user is in the first group that finds it only; users come before
 * certificates that only have a part of the text somewhere.
 */
export function groupsOf(
  clientExtId: string,
  text: string,
  { readings }: LookupResource,
  found: FoundUsers | undefined,
): readonly ResultGroup[] {
  const exact = certificateGroups(clientExtId, readings);
  const parts = exact.filter(({ kind }) => kind === 'text');
  const shown = exact.flatMap(({ options }) => options.flatMap((one) => (one.kind === 'user' ? [one.userExtId] : [])));
  const groups = [
    ...exact.filter((group) => !parts.includes(group)),
    ...userGroup(clientExtId, found, shown),
    ...parts,
  ];
  if (groups.length === 0) return [];
  const all: ResultOption = { id: 'all', kind: 'all', ...searchTarget(clientExtId, text) };
  return [...groups, { kind: 'all', value: '', options: [all] }];
}

function userGroup(
  clientExtId: string,
  found: FoundUsers | undefined,
  shown: readonly string[],
): readonly ResultGroup[] {
  if (found === undefined) return [];
  const { text } = found;
  const users = found.users.filter(({ extId }) => !shown.includes(extId));
  const options: ResultOption[] = users.map((user) => ({
    id: `user ${user.extId}`,
    kind: 'user',
    userExtId: user.extId,
    user,
    to: userAddress(clientExtId, user.extId),
  }));
  if (found.hasMore) options.push({ id: 'users', kind: 'userList', text, to: userListAddress(clientExtId, text) });
  return options.length === 0 ? [] : [{ kind: 'users', value: text, options }];
}

export function userListAddress(clientExtId: string, text: string): string {
  return `${consoleOf(clientExtId)}/users?${new URLSearchParams({ q: text }).toString()}`;
}

function certificateGroups(clientExtId: string, readings: LookupResource['readings']): readonly ResultGroup[] {
  const shown = new Set<string>();
  const groups: ResultGroup[] = [];
  for (const { kind, value, certificates, more, refusedLogin } of readings) {
    const options: ResultOption[] = [];
    const [first] = certificates;
    if (kind === 'userExtId' && first !== undefined) {
      const { userExtId } = first;
      options.push({ id: `user ${userExtId}`, kind: 'user', userExtId, to: userAddress(clientExtId, userExtId) });
    }
    if (refusedLogin !== undefined) {
      options.push({
        id: `refused ${value}`,
        kind: 'refusedLogin',
        at: refusedLogin.at,
        ...searchTarget(clientExtId, value),
      });
    }
    for (const certificate of certificates.filter(({ extId }) => !shown.has(extId)).slice(0, MAX_OF_READING)) {
      const { userExtId, extId } = certificate;
      shown.add(extId);
      options.push({
        id: extId,
        kind: 'certificate',
        certificate,
        to: certificateAddress({ clientExtId, userExtId, extId }),
      });
    }
    if (kind === 'text' && (more || certificates.length > MAX_OF_READING)) {
      const list = `${consoleOf(clientExtId)}/certificates?${new URLSearchParams({ q: value }).toString()}`;
      options.push({ id: 'list', kind: 'list', text: value, to: list });
    }
    if (options.length > 0) groups.push({ kind, value, options });
  }
  return groups;
}
