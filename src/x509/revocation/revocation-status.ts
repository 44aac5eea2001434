import type { RevocationReason } from './crl-entry.js';
import type { Crl } from './crl.js';
import type { UnknownCause } from './unknown-cause.js';

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
