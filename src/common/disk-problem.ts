export interface DiskProblem {
  readonly cause: string;
  /** What the operator can do, as the beginning of a sentence. */
  readonly remedy: string;
}

const KNOWN: readonly (DiskProblem & { readonly words: RegExp })[] = [
  // PostgreSQL's message if part of a block could be written.
  {
    words: /no space left|dis[ck] quota exceeded|wrote only \d+ of \d+ bytes/i,
    cause: 'its disk is full',
    remedy: 'Make room there',
  },
  { words: /read-only file system/i, cause: 'its file system is read-only', remedy: 'Mount it writable' },
  { words: /file already exists|not a directory/i, cause: 'a file is in its place', remedy: 'Remove that file' },
  {
    words: /permission denied|operation not permitted/i,
    cause: 'it is not writable',
    remedy: 'Make it writable for the user who starts certkeep',
  },
];

/**
 * Explains why a file could not be written, from the system's error message, which Node, initdb and PostgreSQL pass on.
 * `otherwise` is the remedy for any other message.
 */
export function diskProblemOf(words: string, otherwise = 'Make it a folder that can be written to'): DiskProblem {
  const known = KNOWN.find((one) => one.words.test(words));
  if (known === undefined) return { cause: words, remedy: otherwise };
  return { cause: `${known.cause} (${words})`, remedy: known.remedy };
}
