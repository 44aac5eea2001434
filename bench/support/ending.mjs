/** A stack of what has been started, that ends in the opposite order at the end of its scope and at Ctrl-C alike. */
export function endWithSignal() {
  const stack = new AsyncDisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void stack.disposeAsync().finally(() => process.exit(1));
    });
  }
  return stack;
}
