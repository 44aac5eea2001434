import type { RevocationReason } from './crl-entry.js';
import type { Crl } from './crl.js';

/** Why a CRL does not prove a status, in the order of the steps: the last one came closest. */
export const UNKNOWN_CODES = [
  'crlMissing',
  'crlUnusable',
  'crlScope',
  'crlNotYetValid',
  'crlExpired',
  'crlIssuer',
  'crlSignature',
  'crlReasons',
  'budget',
] as const;

export interface UnknownCause {
  readonly code: (typeof UNKNOWN_CODES)[number];
  /** `RFC 5280 section 6.3.3 (f)`. */
  readonly section: string;
  /** One fixed sentence, never with text from the CRL. */
  readonly detail: string;
}

interface Evidence {
  /** The complete and delta CRLs that say so. */
  readonly evidence: readonly Crl[];
}

/** RFC 5280 section 6.3.2; `unknown` is its UNDETERMINED. */
export type RevocationStatus =
  | ({ readonly status: 'good' } & Evidence)
  | ({
      readonly status: 'revoked';
      readonly reason: RevocationReason;
      readonly revocationDate: Date | undefined;
    } & Evidence)
  | ({ readonly status: 'unknown' } & UnknownCause & Evidence);
