/** The bytes are not the DER that was asked for. The message is one clause of our own words, safe for the caller. */
export class DerError extends Error {
  override readonly name = 'DerError';
}
