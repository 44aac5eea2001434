import type { CredentialState } from './credential-state.rules.js';

/** What an administration decides of a credential of any type, besides its secret. */
export interface AdministeredColumns extends CredentialState {
  readonly comment: string | null;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** A credential as `CREDENTIAL_COLUMNS` reads it. */
export interface CredentialRow extends AdministeredColumns {
  readonly extId: string;
  readonly userExtId: string;
  readonly policyExtId: string;
  readonly incarnation: string;
  readonly properties: Readonly<Record<string, string>> | null;
  readonly lastSuccess: Date | null;
  readonly lastFailure: Date | null;
  readonly version: number;
  readonly created: Date;
  readonly lastModified: Date;
}
