/** A disposable stack that is disposed at the end of its scope and on Ctrl-C. */
export function endWithSignal() {
  const stack = new AsyncDisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void stack.disposeAsync().finally(() => process.exit(1));
    });
  }
  return stack;
}
