export type Implementation = 'OpenSSL' | 'Go';

/** Why an implementation may have another result than certkeep. */
export interface KnownReason {
  readonly implementation: Implementation;
  /** The other result; certkeep has the opposite. */
  readonly theirs: 'accepts' | 'rejects';
  /** Names of flaws, each of which suffices, or the beginnings of their names before `*`. */
  readonly flaws: readonly string[];
  /** Flaws that are needed as well, if the first alone is not enough. */
  readonly with?: readonly string[];
  /** What certkeep goes by. */
  readonly law: string;
  /** What the other one does. */
  readonly why: string;
}
