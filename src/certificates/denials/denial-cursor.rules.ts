/** The numbers of a feed; a client that never had a denial has none. */
export interface FeedNumbers {
  readonly lastNumber: number;
  /** The highest number of a denial that is kept no more. */
  readonly removedNumber: number;
}

/** Callers keep it and send it back; the prefix makes another kind of cursor possible. */
export function cursorOf(number: number): string {
  return `d1.${number.toString(36)}`;
}

/** Undefined for a text that is no cursor. */
export function numberOf(cursor: string): number | undefined {
  const digits = /^d1\.(0|[1-9a-z][0-9a-z]{0,10})$/.exec(cursor)?.[1];
  const number = digits === undefined ? undefined : Number.parseInt(digits, 36);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

/**
 * Whether what came after this number may be incomplete (contract 15.8): something has been removed, or the number was never
 * given, as after a restore of the database.
 */
export function needsResync(after: number | undefined, { lastNumber, removedNumber }: FeedNumbers): boolean {
  return after === undefined || after < removedNumber || after > lastNumber;
}
