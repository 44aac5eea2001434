/** The bytes are not the expected DER. The message is a fixed clause, safe for the caller. */
export class DerError extends Error {
  override readonly name = 'DerError';
}
