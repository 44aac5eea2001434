import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

interface Submit<Input> {
  readonly submit: (input: Input) => void;
  readonly pending: boolean;
  readonly error: unknown;
}

/**
 * A write that is sent once, however often it is asked for. Only an error allows the next attempt: after a success, what
 * asked for it is gone.
 */
export function useSubmit<Input, Output>(
  send: (input: Input) => Promise<Output>,
  onSuccess: (output: Output) => void,
): Submit<Input> {
  // The state of the mutation reaches the page only with its next rendering, the second click of a double click before.
  const isSent = useRef(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: send,
    onSuccess,
    onError: () => {
      isSent.current = false;
    },
  });
  const submit = (input: Input) => {
    if (isSent.current) return;
    isSent.current = true;
    mutate(input);
  };
  return { submit, pending: isPending, error };
}
