import type { CertificateResource, LookupReading, LookupResource } from '../../api/generated/types.gen.js';
import { certificateAddress, consoleOf, userAddress } from '../certificates/addresses.js';
import { searchTarget } from './search-address.js';

/** What can be chosen in the list of results. */
export type ResultOption = { readonly id: string; readonly to: string; readonly state?: unknown } & (
  | { readonly kind: 'certificate'; readonly certificate: CertificateResource }
  | { readonly kind: 'user'; readonly userExtId: string }
  | { readonly kind: 'refusedLogin'; readonly at: string }
  | { readonly kind: 'list'; readonly text: string }
  | { readonly kind: 'all' }
);

export interface ResultGroup {
  readonly kind: LookupReading | 'all';
  readonly value: string;
  readonly options: readonly ResultOption[];
}

/** At most as many of one reading; the page has all of them. */
const MAX_OF_READING = 6;

/** Groups with something to choose. A certificate is in the first group that finds it only. */
export function groupsOf(clientExtId: string, text: string, { readings }: LookupResource): readonly ResultGroup[] {
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
  if (groups.length === 0) return [];
  const all: ResultOption = { id: 'all', kind: 'all', ...searchTarget(clientExtId, text) };
  return [...groups, { kind: 'all', value: '', options: [all] }];
}
