const MAX_STEPS = 1024;

/** How many steps the search for the issuer of a CRL counts as. */
export const SEARCH_STEPS = 8;

/** What one check may do, in counted steps, so that a result never depends on the speed of the machine (12.2). */
export class Steps {
  #left = MAX_STEPS;

  /** False if the bound is reached. */
  take(count = 1): boolean {
    this.#left -= count;
    return this.#left >= 0;
  }
}
