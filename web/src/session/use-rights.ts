import { useQuery } from '@tanstack/react-query';

import { call } from '../api/client.js';
import { getPermissions } from '../api/generated/sdk.gen.js';
import { useSession } from './session.js';

export interface Rights {
  readonly isLoading: boolean;
  readonly has: (right: string) => boolean;
  /** For `Button`: undefined if the caller has the right. */
  readonly missing: (right: string) => string | undefined;
}

/** The caller's rights by their short names, as `CredentialModify`. The server decides; pages only show it in advance. */
export function useRights(): Rights {
  const { subject } = useSession();
  const { data, isPending } = useQuery({
    queryKey: ['permissions', subject],
    queryFn: async ({ signal }) => await call(getPermissions({ signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const rights = new Set(data?.elementaryPermissions.map((name) => name.slice(name.indexOf('.') + 1)));
  const has = (right: string) => rights.has(right);
  return { isLoading: isPending, has, missing: (right) => (isPending || has(right) ? undefined : right) };
}
