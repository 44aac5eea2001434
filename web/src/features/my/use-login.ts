import { useQueryClient } from '@tanstack/react-query';

import { call } from '../../api/client.js';
import { issueXToken } from '../../api/generated/sdk.gen.js';
import type { TokenResource } from '../../api/generated/types.gen.js';
import { useMe } from './me.js';

/** Exchanges the password for an X-Token (contract 4.7). A refused one may have locked the password, which is read again. */
export function useLogin(): (password: string) => Promise<TokenResource> {
  const { loginId } = useMe();
  const queries = useQueryClient();
  return async (password) => {
    try {
      return await call(issueXToken({ body: { grant_type: 'password', username: loginId, password } }));
    } catch (error) {
      await queries.invalidateQueries({ queryKey: ['my', 'password'] });
      throw error;
    }
  };
}
