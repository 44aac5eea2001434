import type { ClientColumns } from './client-update.rules.js';

/** A client as the statements of `client.queries.ts` read it. */
export interface ClientRow extends ClientColumns {
  readonly extId: string;
  readonly incarnation: string;
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
}

/** What a deletion that another server continues writes into its audit events. */
export interface Deletion {
  readonly userExtId: string;
  readonly clientExtId: string;
  readonly requestId: string;
}
