import type { Comparison, Disagreement } from './compare.js';
import type { KnownReason } from './known-reason.js';
import { KNOWN_REASONS } from './reason-table.js';

/** What the command prints. */
export function formatComparison({ chains, soundRejected, matrices, disagreements }: Comparison): string {
  const lines = [`${chains} chains.`];
  for (const [implementation, matrix] of matrices) {
    const { bothAccept, bothReject, onlyOwnAccepts, onlyTheirsAccepts } = matrix;
    lines.push(
      '',
      `${implementation}: both accept ${bothAccept}, both reject ${bothReject}, ` +
        `only certkeep accepts ${onlyOwnAccepts}, only ${implementation} accepts ${onlyTheirsAccepts}.`,
    );
    const own = disagreements.filter((disagreement) => disagreement.implementation === implementation);
    for (const reason of KNOWN_REASONS) {
      const count = own.filter((disagreement) => disagreement.reason === reason).length;
      if (count > 0) lines.push(`${String(count).padStart(6)}  ${implementation} ${reason.theirs}: ${reason.why}`);
    }
  }
  if (soundRejected.length > 0) {
    lines.push('', `${soundRejected.length} chains without a flaw were rejected: ${soundRejected[0]?.seed} …`);
  }
  return [...lines, '', ...formatUnexplained(unexplained(disagreements))].join('\n');
}

export function unexplained(disagreements: readonly Disagreement[]): Disagreement[] {
  return disagreements.filter(({ reason }) => reason === undefined);
}

/** One line for each combination of flaws. */
function formatUnexplained(disagreements: readonly Disagreement[]): string[] {
  if (disagreements.length === 0) return ['Every disagreement has a known reason.'];
  const kinds = Map.groupBy(disagreements, ({ implementation, own, chain }) => {
    const who = own.accepts ? `only certkeep accepts, not ${implementation}` : `only ${implementation} accepts`;
    return `${who}: ${chain.flaws.map(({ name }) => name).join(' + ') || 'no flaw'}`;
  });
  const lines = [...kinds].map(([kind, cases]) => {
    const { own, theirs, chain } = cases[0] ?? {};
    return `${String(cases.length).padStart(6)}  ${kind} (chain ${chain?.seed}; ${own?.reason ?? ''}${theirs?.reason ?? ''})`;
  });
  return [`${disagreements.length} disagreements without a known reason:`, ...lines.toSorted()];
}

const cell = (text: string) => text.replaceAll('|', '\\|');

const row = ({ implementation, theirs, flaws, with: others, law, why }: KnownReason) => {
  const names = [flaws, others].flatMap((list) => (list === undefined ? [] : [list.join('<br>')]));
  return `| ${implementation} ${theirs} | ${cell(names.join('<br>together with<br>'))} | ${cell(why)} | ${cell(law)} |`;
};

/** docs/differential.md. */
export function formatKnownReasons(): string {
  return [
    '# Where path validation differs from OpenSSL and Go',
    '',
    '`npm run test:differential` generates chains with up to three flaws and validates them with certkeep (production',
    'profile), with `openssl verify` and, where Go is installed, with its `crypto/x509`. A disagreement that is not in this',
    'table is a bug, and the command fails. The table is generated from `test/differential/*-reasons.ts`. The name of a',
    'flaw ends with its place in the path; `*` stands for any text there.',
    '',
    '| Who | Flaws | What the other implementation does | Why certkeep differs |',
    '| --- | --- | --- | --- |',
    ...KNOWN_REASONS.map(row),
    '',
  ].join('\n');
}
