import type { CertificatePlan } from './certificate-plan.js';
import type { ChainPlan } from './chain-plan.js';
import type { Random } from './random.js';

/** One way in which a chain can be wrong, or at least unusual. It changes nothing if the chain has no place for it. */
export interface Flaw {
  /** Unique; what it does, and where: `expired: leaf`. */
  readonly name: string;
  apply(chain: ChainPlan, random: Random): void;
}

type Change = (plan: CertificatePlan, chain: ChainPlan, random: Random) => void;

export function leafOf(chain: ChainPlan): CertificatePlan {
  return at(chain, 0);
}

export function anchorOf(chain: ChainPlan): CertificatePlan {
  return at(chain, chain.path.length - 1);
}

function at({ path }: ChainPlan, index: number): CertificatePlan {
  const plan = path[index];
  if (plan === undefined) throw new RangeError('A path has a leaf and an anchor.');
  return plan;
}

/** The certificates between leaf and anchor. */
function intermediatesOf({ path }: ChainPlan): CertificatePlan[] {
  return path.slice(1, -1);
}

const PLACES = {
  leaf: (chain: ChainPlan) => [leafOf(chain)],
  intermediate: intermediatesOf,
  anchor: (chain: ChainPlan) => [anchorOf(chain)],
  issuer: (chain: ChainPlan) => chain.path.slice(1),
} as const;

export type Place = keyof typeof PLACES;

export function flawIn(place: Place, name: string, change: Change): Flaw {
  return {
    name: `${name}: ${place}`,
    apply(chain, random) {
      const places = PLACES[place](chain);
      if (places.length > 0) change(random.pick(places), chain, random);
    },
  };
}

export function flawsIn(places: readonly Place[], name: string, change: Change): Flaw[] {
  return places.map((place) => flawIn(place, name, change));
}
