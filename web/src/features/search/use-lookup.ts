import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { call } from '../../api/client.js';
import { listUsers, lookUpCertificates } from '../../api/generated/sdk.gen.js';
import type { UserResource } from '../../api/generated/types.gen.js';
import { useRights } from '../../session/use-rights.js';
import { mentionsPrivateKey } from './private-key.js';

/** F2. Nothing is asked for an empty text, and a private key is not sent. */
export function useLookup(clientExtId: string, text: string) {
  const asked = text.trim();
  const isAsked = asked !== '' && !mentionsPrivateKey(asked);
  return useQuery({
    queryKey: ['lookup', clientExtId, asked],
    queryFn: async ({ signal }) =>
      await call(lookUpCertificates({ path: { clientExtId }, body: { text: asked }, signal })),
    enabled: isAsked,
    placeholderData: isAsked ? keepPreviousData : undefined,
  });
}

/** At most as many users are shown. */
const MAX_USERS = 6;
/** The server finds parts of at least as many characters (contract 8.3), and names are no longer than this. */
const MIN_PART = 3;
const MAX_PART = 100;

export interface FoundUsers {
  /** What they were found by: while another text is looked up, they are still shown. */
  readonly text: string;
  readonly users: readonly UserResource[];
  readonly hasMore: boolean;
}

/** Users with this text in their name, login ID, e-mail address or ID; undefined where it cannot be one of them. */
export function useUserSearch(clientExtId: string, text: string) {
  const { has } = useRights();
  const asked = text.trim();
  const isPart = asked.length >= MIN_PART && asked.length <= MAX_PART && !/[\r\n]/.test(asked);
  const isAsked = isPart && !mentionsPrivateKey(asked) && has('UserView') && has('ClientView');
  return useQuery({
    queryKey: ['user-search', clientExtId, asked],
    queryFn: async ({ signal }): Promise<FoundUsers> => {
      const query = { q: asked, limit: MAX_USERS };
      const { items, _pagination } = await call(listUsers({ path: { clientExtId }, query, signal }));
      return { text: asked, users: items, hasMore: _pagination.continuationToken !== undefined };
    },
    enabled: isAsked,
    placeholderData: isAsked ? keepPreviousData : undefined,
  });
}

/** The value, once it has not changed for a while. */
export function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
