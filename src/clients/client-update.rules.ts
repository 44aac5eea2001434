import { isDeepStrictEqual } from 'node:util';

import { mergeMembers, sentOr, type SentTextMembers } from '../common/text-members.js';
import { CLIENT_MEMBERS, type ClientMembers } from './client.table.js';

/** The members that were sent (contract 2.3, 2.5). */
export interface SentClient {
  readonly name?: string | undefined;
  readonly displayName?: SentTextMembers<'EN' | 'DE' | 'FR' | 'IT'> | null | undefined;
  readonly remarks?: string | null | undefined;
}

export type ClientDecision =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly next: ClientMembers; readonly changed: readonly (keyof ClientMembers)[] };

/** Decides on a PATCH of a client (contract 2.3, 3.1). */
export function decideClientUpdate(current: ClientMembers, sent: SentClient): ClientDecision {
  const next = {
    name: sent.name ?? current.name,
    displayName: mergeMembers(current.displayName, sent.displayName),
    remarks: sentOr(sent.remarks, current.remarks),
  };
  const changed = CLIENT_MEMBERS.filter((member) => !isDeepStrictEqual(current[member], next[member]));
  return changed.length === 0 ? { kind: 'unchanged' } : { kind: 'changed', next, changed };
}
