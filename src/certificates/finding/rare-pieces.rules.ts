/** A trigram that several of the sampled rows have, and how many. */
export interface CountedTrigram {
  readonly trigram: string;
  readonly count: number;
  /** All sampled rows. */
  readonly rows: number;
}

/** How many rows have each trigram, as a share of all; `rest` is at least that of every trigram without one. */
export interface TrigramShares {
  readonly shares: ReadonlyMap<string, number>;
  readonly rest: number;
}

/** Of fewer, every part is found quickly, and little can be said of others. */
const MIN_ROWS = 1_000;

/** Undefined if too few rows were sampled. */
export function sharesOf(counted: readonly CountedTrigram[]): TrigramShares | undefined {
  const rows = counted[0]?.rows ?? 0;
  if (rows < MIN_ROWS) return undefined;
  const shares = new Map(counted.map(({ trigram, count }) => [trigram, count / rows]));
  return { shares, rest: 3 / rows };
}

/** Of the rows, if the pieces were independent: few enough, as each is then compared with the whole text. */
const ENOUGH = 1e-5;

/** To compare a row with a text takes as long as to read of so many rows that they have a trigram. */
const READ_PER_COMPARED = 400;

/** Reading where a piece is costs more the more frequent it is, and then leaves out little. */
const TOO_FREQUENT = 0.1;

/** Each with the blank before it. */
const WORDS = / ?[a-z0-9]+/g;
const TRIGRAM = 3;
const IS_COUNTED = /^[a-z0-9]{3}$/;
const HAS_DIGIT = /\d/;

interface Piece {
  /** The number of its word, and of the next one if it ends there. */
  readonly words: readonly number[];
  readonly start: number;
  readonly text: string;
  readonly share: number;
}

/**
 * With a letter for each blank, which is rare before and after others: a trigram index has no trigrams of two words, so that it
 * could not tell `maria müller` from `müller maria`. Whatever a pattern matches, the joined pattern matches when it is joined.
 */
export function joinWords(pattern: string): string {
  return pattern.replaceAll(' ', 'q');
}

/**
 * A pattern of LIKE that matches whatever `pattern` does, with only as many of its trigrams as select few rows, rarest first.
 * A trigram index reads which rows have each trigram of a pattern, even where two of them would be enough. Undefined if to read
 * them all takes less time than to compare the rows that the rarest leave.
 *
 * @param pattern - as `readPart` returns it
 */
export function rarePieces(pattern: string, shares: TrigramShares): string | undefined {
  const joined = joinWords(pattern);
  const ofWords = [...pattern.matchAll(WORDS)].map(({ 0: word, index }, number) =>
    trigramsOf(joined, { number, start: index, end: index + word.length }, shares),
  );
  const apart = ofWords.map(piecesOf);
  const chosen: Piece[] = [];
  let left = 1;
  for (let round = 0; apart.some((pieces) => round < pieces.length); round += 1) {
    for (const piece of byShare(apart.flatMap((pieces) => pieces.slice(round, round + 1)))) {
      // One of two words may end in the second.
      if (!chosen.every((other) => isApart(piece, other) && !areOfOneName(piece, other))) continue;
      chosen.push(piece);
      left *= piece.share;
      if (left <= ENOUGH) return patternOf(chosen);
    }
  }
  const all = new Map(ofWords.flat().map(({ text, share }) => [text, share]));
  const read = [...all.values()].reduce((sum, share) => sum + share, 0);
  return left * READ_PER_COMPARED < read ? patternOf(chosen) : undefined;
}

interface Word {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Those that begin in the word. */
function trigramsOf(joined: string, { number, start, end }: Word, { shares, rest }: TrigramShares): readonly Piece[] {
  return Array.from({ length: end - start }, (_, index) => {
    const from = start + index;
    const text = joined.slice(from, from + TRIGRAM);
    const words = from + TRIGRAM > end ? [number, number + 1] : [number];
    return { words, start: from, text, share: shares.get(text) ?? rest };
  }).filter(({ text }) => IS_COUNTED.test(text));
}

/** Those that do not overlap, rarest first. */
function piecesOf(trigrams: readonly Piece[]): readonly Piece[] {
  const apart: Piece[] = [];
  for (const piece of byShare(trigrams)) {
    if (piece.share > TOO_FREQUENT) break;
    if (apart.every((other) => other.text !== piece.text && isApart(other, piece))) apart.push(piece);
  }
  return apart;
}

function isApart(one: Piece, other: Piece): boolean {
  return Math.abs(one.start - other.start) >= TRIGRAM;
}

/** The rows with one of them have the other, too. Digits are of no name. */
function areOfOneName(one: Piece, other: Piece): boolean {
  return one.words.some((word) => other.words.includes(word)) && !HAS_DIGIT.test(one.text + other.text);
}

function byShare(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.toSorted((one, other) => one.share - other.share);
}

function patternOf(pieces: readonly Piece[]): string {
  const inOrder = pieces.toSorted((one, other) => one.start - other.start);
  return `%${inOrder.map(({ text }) => text).join('%')}%`;
}
