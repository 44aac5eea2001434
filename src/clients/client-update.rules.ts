import { isDeepStrictEqual } from 'node:util';

import { mergeMembers, sentOr, type SentTextMembers, type TextMembers } from '../common/text-members.js';

/** What a request can set of a client. */
export interface ClientColumns {
  readonly name: string;
  readonly displayName: TextMembers | null;
  readonly remarks: string | null;
}

/** The members that were sent (contract 2.3, 2.5). */
export interface SentClient {
  readonly name?: string | undefined;
  readonly displayName?: SentTextMembers<'EN' | 'DE' | 'FR' | 'IT'> | null | undefined;
  readonly remarks?: string | null | undefined;
}

export type ClientMember = keyof ClientColumns;

const MEMBERS: readonly ClientMember[] = ['name', 'displayName', 'remarks'];

export function mergeClient(current: ClientColumns, sent: SentClient): ClientColumns {
  return {
    name: sent.name ?? current.name,
    displayName: mergeMembers(current.displayName, sent.displayName),
    remarks: sentOr(sent.remarks, current.remarks),
  };
}

/** The members that differ; none where a change would change nothing (contract 3.1). */
export function changedMembers(before: ClientColumns, after: ClientColumns): readonly ClientMember[] {
  return MEMBERS.filter((member) => !isDeepStrictEqual(before[member], after[member]));
}
