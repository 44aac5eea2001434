/** The user closed the question for the password. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
