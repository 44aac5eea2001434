import { type ReactNode, createContext, useCallback, useContext, useRef, useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import { Cancelled } from './cancelled.js';
import { type HeldToken, isUsable } from './held-token.js';
import { PasswordDialog } from './password-dialog.js';

interface Confirmation {
  /**
   * Runs an action with an X-Token. The password is asked for if there is no X-Token yet, or if the server no longer
   * accepts it; the action then runs again. Throws `Cancelled` if the user closes the question.
   */
  readonly confirmed: <Result>(action: (xToken: string) => Promise<Result>) => Promise<Result>;
  /** After a change of the password, the X-Token is no longer good. */
  readonly forget: () => void;
}

const ConfirmationContext = createContext<Confirmation | undefined>(undefined);

interface Question {
  readonly hasExpired: boolean;
  readonly answer: (token: HeldToken) => void;
  readonly cancel: () => void;
}

/** Keeps the X-Token in the memory of the page, and asks for the password when it is needed. */
export function PasswordConfirmation({ children }: { readonly children: ReactNode }) {
  const held = useRef<HeldToken>(undefined);
  const [question, setQuestion] = useState<Question>();

  const ask = useCallback(async (hasExpired: boolean): Promise<HeldToken> => {
    try {
      return await new Promise((resolve, reject) => {
        setQuestion({ hasExpired, answer: resolve, cancel: () => reject(new Cancelled()) });
      });
    } finally {
      setQuestion(undefined);
    }
  }, []);

  const confirmed: Confirmation['confirmed'] = useCallback(
    async (action) => {
      for (;;) {
        const had = held.current;
        const token = isUsable(had, performance.now()) ? had : await ask(had !== undefined);
        held.current = token;
        try {
          return await action(token.value);
        } catch (error) {
          if (!(error instanceof ApiError && error.isOfXToken)) throw error;
          held.current = { ...token, endsAt: Number.NEGATIVE_INFINITY };
        }
      }
    },
    [ask],
  );
  const forget = useCallback(() => {
    held.current = undefined;
  }, []);

  return (
    <ConfirmationContext value={{ confirmed, forget }}>
      {children}
      {question !== undefined && (
        <PasswordDialog hasExpired={question.hasExpired} onToken={question.answer} onClose={question.cancel} />
      )}
    </ConfirmationContext>
  );
}

export function useConfirmation(): Confirmation {
  const confirmation = useContext(ConfirmationContext);
  if (confirmation === undefined) throw new Error('These pages are shown only within PasswordConfirmation.');
  return confirmation;
}
