/** How one test file or folder went. */
export interface Tally {
  readonly name: string;
  readonly cases: number;
  readonly right: number;
  /** Accepted although it must be rejected. */
  readonly falseAccepts: number;
  /** Rejected although it must be accepted. */
  readonly falseRejects: number;
  /** Errors, and values that are not the expected ones. */
  readonly otherwiseWrong: number;
  readonly slowestMs: number;
  /** The same of OpenSSL 3.0, where it is known. */
  readonly openssl?: string;
}

export type Mistake = 'falseAccept' | 'falseReject' | 'otherwiseWrong';

export interface Evaluated {
  readonly name: string;
  /** Undefined: right. */
  readonly mistake: Mistake | undefined;
  /** What happened, in a few words. */
  readonly outcome: string;
  readonly ms: number;
}

export function tallyOf(name: string, evaluated: readonly Evaluated[], openssl?: string): Tally {
  const count = (mistake: Mistake | undefined) => evaluated.filter((one) => one.mistake === mistake).length;
  return {
    name,
    cases: evaluated.length,
    right: count(undefined),
    falseAccepts: count('falseAccept'),
    falseRejects: count('falseReject'),
    otherwiseWrong: count('otherwiseWrong'),
    slowestMs: evaluated.reduce((slowest, { ms }) => Math.max(slowest, ms), 0),
    ...(openssl === undefined ? {} : { openssl }),
  };
}

const HEADINGS = ['', 'cases', 'right', 'false accepts', 'false rejects', 'other mistakes', 'slowest', 'OpenSSL 3.0'];

/** The table as Markdown, readable in a terminal as well. */
export function formatTallies(tallies: readonly Tally[]): string {
  const rows = tallies.map((tally) => [
    tally.name,
    String(tally.cases),
    String(tally.right),
    String(tally.falseAccepts),
    String(tally.falseRejects),
    String(tally.otherwiseWrong),
    `${Math.ceil(tally.slowestMs)} ms`,
    tally.openssl ?? '–',
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(3, ...[heading, ...rows.map((row) => row[column] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(HEADINGS), rule, ...rows.map(line)].join('\n');
}
