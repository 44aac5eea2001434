/** The server cannot start. The message gives cause and remedy for the operator, and is shown without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
