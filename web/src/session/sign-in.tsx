import { Trans } from '@lingui/react/macro';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';

import { authenticateWith } from '../api/client.js';
import { Button } from '../components/button.js';
import { Loading } from '../components/loading.js';
import { begin, type Beginning, rememberSignOut } from './begin.js';
import { leaveForIssuer, refresh, type Tokens } from './openid-connect.js';
import { type Session, SessionContext } from './session.js';
import { hasIssuer, readSignInSettings } from './sign-in-settings.js';
import { claimsOf } from './token-claims.js';

import styles from './sign-in.module.css';

/** How long before its end a token is renewed, where the issuer allows it. */
const EARLY_MS = 30_000;

const settings = readSignInSettings();

/** Once for each time the page is loaded: a code can be used only once. */
let beginning: Promise<Beginning> | undefined;

/** Shows its children to people who are signed in, and to the others how to sign in. */
export function SignIn({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<Beginning>();
  useEffect(() => {
    beginning ??= begin(settings);
    void beginning.then(setState);
  }, []);
  const signOut = useCallback(() => {
    rememberSignOut(true);
    setState({ kind: 'signedOut' });
  }, []);
  if (state === undefined || state.kind === 'leaving') return <Loading />;
  if (state.kind === 'signedOut') return <SignedOut error={state.error} />;
  return (
    <SignedIn first={state.tokens} signOut={signOut}>
      {children}
    </SignedIn>
  );
}

interface SignedInProps {
  readonly first: Tokens;
  readonly signOut: () => void;
  readonly children: ReactNode;
}

function SignedIn({ first, signOut, children }: SignedInProps) {
  const [tokens, setTokens] = useState(first);
  const [hasEnded, setEnded] = useState(false);
  const { accessToken, expires, refreshToken } = tokens;
  const session = useMemo(() => sessionOf(accessToken, signOut), [accessToken, signOut]);

  const renew = useCallback(async () => {
    try {
      if (refreshToken === undefined || !hasIssuer(settings)) setEnded(true);
      else setTokens(await refresh(settings, refreshToken));
    } catch {
      setEnded(true);
    }
  }, [refreshToken]);

  // Not in an effect: those of the pages, which send the first requests, run before those of this component.
  useMemo(
    () =>
      authenticateWith(
        () => accessToken,
        () => void renew(),
      ),
    [accessToken, renew],
  );
  useEffect(() => {
    if (expires === undefined) return undefined;
    const early = refreshToken === undefined ? 0 : EARLY_MS;
    const timer = setTimeout(() => void renew(), Math.max(0, expires - early - Date.now()));
    return () => clearTimeout(timer);
  }, [expires, refreshToken, renew]);

  return (
    <SessionContext value={session}>
      {hasEnded && (
        <div className={styles['ended']} role="alert">
          <p>
            {hasIssuer(settings) ? (
              <Trans>Your sign-in has ended. What you see stays here until you sign in again.</Trans>
            ) : (
              <Trans>Your link has expired. Restart certkeep and open the link that it prints.</Trans>
            )}
          </p>
          {hasIssuer(settings) && <SignInButton />}
        </div>
      )}
      {children}
    </SessionContext>
  );
}

function SignedOut({ error }: { readonly error?: unknown }) {
  const message = error instanceof Error ? error.message : undefined;
  return (
    <main className={styles['signedOut']}>
      <title>certkeep</title>
      <h1>
        <Trans>You are not signed in</Trans>
      </h1>
      {message !== undefined && (
        <p role="alert">
          <Trans>Signing in failed: {message}</Trans>
        </p>
      )}
      {hasIssuer(settings) ? (
        <SignInButton />
      ) : (
        <p>
          {settings.embedded === true ? (
            <Trans>Open the link that certkeep printed when it started.</Trans>
          ) : (
            <Trans>The operator of this server has to set OIDC_ISSUER and OIDC_CLIENT_ID.</Trans>
          )}
        </p>
      )}
    </main>
  );
}

function SignInButton() {
  const [isPending, setPending] = useState(false);
  const [message, setMessage] = useState<string>();
  const leave = async () => {
    if (!hasIssuer(settings)) return;
    setPending(true);
    rememberSignOut(false);
    try {
      await leaveForIssuer(settings, false);
    } catch (error) {
      setMessage((error as Error).message);
      setPending(false);
    }
  };
  return (
    <>
      <Button variant="primary" pending={isPending} onClick={() => void leave()}>
        <Trans>Sign in</Trans>
      </Button>
      {message !== undefined && (
        <p role="alert">
          <Trans>Signing in failed: {message}</Trans>
        </p>
      )}
    </>
  );
}

function sessionOf(token: string, signOut: () => void): Session {
  const { sub, client_ext_id: clientExtId } = claimsOf(token);
  return { token, subject: sub ?? '', clientExtId, signOut };
}
