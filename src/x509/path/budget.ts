import type { ComparisonBudget } from './name-constraints.js';
import type { PathCost } from './path-result.js';
import type { NodeBudget } from './policy-graph.js';

/** 12.2. `candidates` bounds the walks through a graph whose signatures are known already. */
const LIMITS: PathCost = {
  signatureChecks: 256,
  nameComparisons: 250_000,
  policyNodes: 10_000,
  candidates: 8_192,
};

/** What one search may spend, in counted units, so that a result never depends on the speed of the machine. */
export class Budget implements ComparisonBudget, NodeBudget {
  readonly #spent = { signatureChecks: 0, nameComparisons: 0, policyNodes: 0, candidates: 0 };
  #isExhausted = false;

  /** Once true, the search ends, and what it has not proven is refused. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  get cost(): PathCost {
    return { ...this.#spent };
  }

  /** Each of these is false if the bound is reached. `weight`: how many checks a costly one counts as. */
  signatureCheck(weight: number): boolean {
    return this.#spend('signatureChecks', weight);
  }

  compare(): boolean {
    return this.#spend('nameComparisons');
  }

  node(): boolean {
    return this.#spend('policyNodes');
  }

  candidate(): boolean {
    return this.#spend('candidates');
  }

  #spend(unit: keyof PathCost, count = 1): boolean {
    if (this.#spent[unit] + count > LIMITS[unit]) {
      this.#isExhausted = true;
      return false;
    }
    this.#spent[unit] += count;
    return true;
  }
}
