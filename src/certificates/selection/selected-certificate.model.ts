/** A certificate as it was when it was selected (contract 17.1). */
export interface SelectedCertificate {
  readonly userExtId: string;
  readonly extId: string;
  readonly generation: string;
  readonly sha256: Buffer;
}

/** What is done with each selected certificate. */
export type SelectedAction =
  | { readonly kind: 'disable' | 'enable'; readonly modificationComment?: string | undefined }
  | { readonly kind: 'move'; readonly policyExtId: string; readonly modificationComment?: string | undefined }
  | { readonly kind: 'delete' }
  | { readonly kind: 'restore'; readonly before: BeforeChange; readonly versionAfter: number };

/** What a change of a selected certificate overwrote, as JSON: columns of the credential, times in ISO 8601. */
export type BeforeChange = Readonly<Record<string, unknown>>;

export interface SelectedOutcome {
  readonly result: 'changed' | 'unchanged';
  readonly versionAfter?: number;
  readonly before?: BeforeChange;
}
