/** An answer that broke off: what has arrived of it is not all. */
export class IncompleteAnswer extends Error {
  override readonly name = 'IncompleteAnswer';
}
