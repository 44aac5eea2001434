import type { UserColumns } from './user-columns.model.js';

/** A user as the statements of `user.queries.ts` read him. */
export interface UserRow extends UserColumns {
  readonly clientExtId: string;
  readonly extId: string;
  readonly incarnation: string;
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
}
