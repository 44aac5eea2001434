import { Trans } from '@lingui/react/macro';
import { type ReactNode, useEffect, useMemo, useState } from 'react';

import { authenticateWith } from '../api/client.js';
import { EmptyState } from '../components/page.js';
import { type Session, SessionContext } from './session.js';
import { claimsOf } from './token-claims.js';

/** `index.html#token=…`, as the embedded mode prints it. The token is taken out of the address at once. */
function tokenFromAddress(): string | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token') ?? undefined;
  if (token !== undefined) history.replaceState(history.state, '', window.location.pathname + window.location.search);
  return token;
}

export function SignIn({ children }: { readonly children: ReactNode }) {
  const [token, setToken] = useState(tokenFromAddress);
  const session = useMemo(() => sessionOf(token, () => setToken(undefined)), [token]);
  useEffect(() => authenticateWith(() => token, () => setToken(undefined)), [token]);
  if (session === undefined) {
    return (
      <EmptyState title={<Trans>You are not signed in</Trans>}>
        <Trans>Open the link that certkeep printed when it started.</Trans>
      </EmptyState>
    );
  }
  return <SessionContext value={session}>{children}</SessionContext>;
}

function sessionOf(token: string | undefined, signOut: () => void): Session | undefined {
  if (token === undefined) return undefined;
  const { sub, client_ext_id: clientExtId } = claimsOf(token);
  return { token, subject: sub ?? '', clientExtId, signOut };
}
