import { useQuery, useQueryClient } from '@tanstack/react-query';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { getPassword } from '../../api/generated/sdk.gen.js';
import type { PasswordResource } from '../../api/generated/types.gen.js';

export interface PasswordKey {
  readonly clientExtId: string;
  readonly userExtId: string;
}

const keyOf = ({ clientExtId, userExtId }: PasswordKey) => ['password', clientExtId, userExtId];

/** Null: the user has none. */
export function usePassword(path: PasswordKey, isAllowed: boolean) {
  return useQuery({
    queryKey: keyOf(path),
    enabled: isAllowed,
    queryFn: async ({ signal }): Promise<PasswordResource | null> => {
      try {
        return await call(getPassword({ path: { ...path }, signal }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** Reads again what a change of the password may have changed. */
export function usePasswordRefresh(path: PasswordKey): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const keys = [keyOf(path), ['credentials', path.clientExtId, path.userExtId]];
    await Promise.all(keys.map(async (queryKey) => await queries.invalidateQueries({ queryKey })));
  };
}
