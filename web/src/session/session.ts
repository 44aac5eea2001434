import { createContext, useContext } from 'react';

/** Who is signed in. The token is in the memory of this page only. */
export interface Session {
  readonly token: string;
  /** The `sub` of the token. */
  readonly subject: string;
  /** The client that the token names, if it names one. */
  readonly clientExtId: string | undefined;
  readonly signOut: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('Pages are shown only to those who are signed in.');
  return session;
}
