/** A command has invalid arguments: reported without a stack trace, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
