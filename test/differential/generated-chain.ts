import { CERTIFICATE_FLAWS } from './certificate-flaws.js';
import { encodeChain, type EncodedChain, soundChain } from './chain-plan.js';
import { EXTENSION_FLAWS } from './extension-flaws.js';
import type { Flaw } from './flaw.js';
import { GRAPH_FLAWS } from './graph-flaws.js';
import { NAME_FLAWS } from './name-flaws.js';
import { POLICY_FLAWS } from './policy-flaws.js';
import { Random } from './random.js';

/** Changes of the graph come first, so that the others can change what they put in. */
export const FLAWS: readonly Flaw[] = [
  ...GRAPH_FLAWS,
  ...CERTIFICATE_FLAWS,
  ...EXTENSION_FLAWS,
  ...NAME_FLAWS,
  ...POLICY_FLAWS,
];

/** Enough to make the same chain again, with all of its flaws or some. */
export interface GeneratedChain {
  readonly seed: number;
  readonly flaws: readonly Flaw[];
}

/** One chain of twenty has no flaw, the others one to three. */
export function generateChain(seed: number): GeneratedChain {
  const random = new Random(seed);
  const flaws = new Set<Flaw>();
  const wanted = random.below(20) === 0 ? 0 : 1 + random.below(3);
  while (flaws.size < wanted) {
    const flaw = random.pick(FLAWS);
    if (!isConstraint(flaw) || ![...flaws].some(isConstraint)) flaws.add(flaw);
  }
  return { seed, flaws: FLAWS.filter((flaw) => flaws.has(flaw)) };
}

/** Of two, the second could replace a part of the first. */
function isConstraint(flaw: Flaw): boolean {
  return NAME_FLAWS.includes(flaw);
}

/** `name` makes the names in the chain unique. The place of a flaw does not depend on the other flaws. */
export function makeChain({ seed, flaws }: GeneratedChain, name: string): EncodedChain {
  const plan = soundChain(name, new Random(seed));
  for (const flaw of flaws) flaw.apply(plan, new Random(seed ^ (FLAWS.indexOf(flaw) * 7919)));
  return encodeChain(plan);
}
