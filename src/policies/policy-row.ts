import type { CurrentPolicy } from './policy-update.rules.js';

/** A policy as the statements of `policy.queries.ts` read it. */
export interface PolicyRow extends CurrentPolicy {
  readonly clientExtId: string;
  readonly extId: string;
  readonly incarnation: string;
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
}

/** The parameters of a path that names one policy. */
export interface PolicyPath {
  readonly clientExtId: string;
  readonly extId: string;
}
