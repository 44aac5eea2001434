import type { CredentialRow } from '../credentials/credential-row.model.js';
import type { OwnerAccessRow } from '../credentials/owner-access.js';

/** A password credential as the statements of `password.queries.ts` read it; its hash is read by a login only. */
export type PasswordRow = CredentialRow;

/** What a password is judged by, and the versions that must still hold when it is stored. */
export interface PasswordJudgesRow extends OwnerAccessRow {
  readonly ownerLoginId: string;
  readonly ownerVersion: number;
  /** Null where there is no such policy. */
  readonly policyExtId: string | null;
  /** The JSON text. */
  readonly policyParameters: string | null;
  readonly policyVersion: number | null;
}
