import { useRef, useState } from 'react';

import { Cancelled } from './cancelled.js';

interface Submit<Input extends readonly unknown[]> {
  /** Does nothing while an earlier call has not ended. */
  readonly submit: (...input: Input) => void;
  readonly isPending: boolean;
  /** Undefined if it went well, or if the user cancelled it. */
  readonly error: unknown;
  readonly forget: () => void;
}

/** A change that the user starts. Two clicks, even before the page is drawn again, start it once. */
export function useSubmit<Input extends readonly unknown[]>(action: (...input: Input) => Promise<void>): Submit<Input> {
  const isRunning = useRef(false);
  const [state, setState] = useState<{ readonly isPending: boolean; readonly error: unknown }>(IDLE);
  const run = async (input: Input) => {
    isRunning.current = true;
    setState({ isPending: true, error: undefined });
    try {
      await action(...input);
      setState(IDLE);
    } catch (error) {
      setState(error instanceof Cancelled ? IDLE : { isPending: false, error });
    } finally {
      isRunning.current = false;
    }
  };
  return {
    ...state,
    submit: (...input) => {
      if (!isRunning.current) void run(input);
    },
    forget: () => setState(IDLE),
  };
}

const IDLE = { isPending: false, error: undefined };
