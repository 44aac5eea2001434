import type { EncodedChain } from './chain-plan.js';
import { findReason } from './find-reason.js';
import { generateChain, type GeneratedChain, makeChain } from './generated-chain.js';
import { goVerdicts, opensslVerdicts, ownVerdict, type Verdict, type Verdicts } from './implementations.js';
import type { Implementation, KnownReason } from './known-reason.js';

export interface Others {
  readonly openssl: boolean;
  /** The built program; undefined: without Go. */
  readonly go: string | undefined;
}

export interface Disagreement {
  readonly implementation: Implementation;
  /** With as few flaws as still lead to the disagreement. */
  readonly chain: GeneratedChain;
  readonly encoded: EncodedChain;
  readonly own: Verdict;
  readonly theirs: Verdict;
  readonly reason: KnownReason | undefined;
}

/** How often each pair of verdicts occurred. */
export type Matrix = Readonly<Record<'bothAccept' | 'bothReject' | 'onlyOwnAccepts' | 'onlyTheirsAccepts', number>>;

export interface Comparison {
  readonly chains: number;
  readonly soundRejected: readonly GeneratedChain[];
  readonly matrices: ReadonlyMap<Implementation, Matrix>;
  readonly disagreements: readonly Disagreement[];
}

type Progress = (done: number) => void;

/** Validates generated chains with certkeep and with others, and makes each disagreement small. */
export async function compare(count: number, seed: number, others: Others, progress: Progress): Promise<Comparison> {
  const chains = Array.from({ length: count }, (_, index) => generateChain(seed * 1_000_003 + index));
  const encoded = chains.map((chain, index) => makeChain(chain, `${index}`));
  const own = encoded.map(ownVerdict);
  const matrices = new Map<Implementation, Matrix>();
  const disagreements: Disagreement[] = [];
  for (const [implementation, ask] of asking(others, progress)) {
    const theirs = await ask(encoded);
    matrices.set(implementation, matrixOf(own, theirs));
    const differing = chains.filter((_, index) => isOpposite(own[index], theirs[index]));
    disagreements.push(...(await minimized(implementation, differing, ask)));
  }
  const soundRejected = chains.filter(({ flaws }, index) => flaws.length === 0 && own[index]?.accepts === false);
  return { chains: count, soundRejected, matrices, disagreements };
}

type Ask = (chains: readonly EncodedChain[]) => Promise<Verdicts>;

function asking({ openssl, go }: Others, progress: Progress): [Implementation, Ask][] {
  const list: [Implementation, Ask][] = [];
  if (openssl) list.push(['OpenSSL', (chains) => opensslVerdicts(chains, progress)]);
  if (go !== undefined) list.push(['Go', (chains) => goVerdicts(chains, go)]);
  return list;
}

function isOpposite(own: Verdict | undefined, theirs: Verdict | undefined): boolean {
  return own !== undefined && theirs !== undefined && own.accepts !== theirs.accepts;
}

function matrixOf(own: readonly Verdict[], theirs: Verdicts): Matrix {
  const matrix = { bothAccept: 0, bothReject: 0, onlyOwnAccepts: 0, onlyTheirsAccepts: 0 };
  for (const [index, { accepts }] of own.entries()) {
    const other = theirs[index];
    if (other === undefined) continue;
    if (accepts) matrix[other.accepts ? 'bothAccept' : 'onlyOwnAccepts'] += 1;
    else matrix[other.accepts ? 'onlyTheirsAccepts' : 'bothReject'] += 1;
  }
  return matrix;
}

/** Of the chains with some of the flaws, the smallest that leads to the same disagreement; all in one go. */
async function minimized(
  implementation: Implementation,
  chains: readonly GeneratedChain[],
  ask: Ask,
): Promise<Disagreement[]> {
  const trials = chains.flatMap((chain, group) =>
    subsetsOf(chain.flaws).map((flaws) => ({ group, chain: { seed: chain.seed, flaws } })),
  );
  const encoded = trials.map(({ chain }, index) => makeChain(chain, `m${index}`));
  const theirs = await ask(encoded);
  const results = trials.flatMap(({ group, chain }, index) => {
    const [certificates, other] = [encoded[index], theirs[index]];
    const own = certificates && ownVerdict(certificates);
    if (certificates === undefined || other === undefined || own === undefined || !isOpposite(own, other)) return [];
    return [{ group, implementation, chain, encoded: certificates, own, theirs: other }];
  });
  return [...Map.groupBy(results, ({ group }) => group).values()].flatMap((group) => {
    const whole = group.at(-1);
    const smallest = group.find(({ own }) => own.accepts === whole?.own.accepts);
    if (smallest === undefined) return [];
    const names = smallest.chain.flaws.map(({ name }) => name);
    const reason = findReason(implementation, smallest.theirs.accepts ? 'accepts' : 'rejects', names);
    return [{ ...smallest, reason }];
  });
}

/** From the empty one to all of them. */
function subsetsOf<T>(list: readonly T[]): T[][] {
  const subsets = Array.from({ length: 2 ** list.length }, (_, bits) =>
    list.filter((__, index) => (bits & (1 << index)) !== 0),
  );
  return subsets.toSorted((one, other) => one.length - other.length);
}
