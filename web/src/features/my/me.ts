import { createContext, useContext } from 'react';

import type { PrincipalResource } from '../../api/generated/types.gen.js';

/** The user who is signed in, as T2 describes them. */
export const MeContext = createContext<PrincipalResource | undefined>(undefined);

export function useMe(): PrincipalResource & { readonly path: { clientExtId: string; userExtId: string } } {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error('These pages are shown only within OwnRecord.');
  return { ...me, path: { clientExtId: me.clientExtId, userExtId: me.userExtId } };
}
