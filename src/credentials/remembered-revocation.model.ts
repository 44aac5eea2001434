import type { RevocationReason } from '../x509/revocation/crl-entry.js';
import type { CredentialState } from './credential-state.rules.js';

/**
 * What the row remembers of a certificate that the background check has disabled (contract 13.4). It counts only while
 * the state is `disabled` with the reason `cert-revoked`.
 */
export interface RememberedRevocation {
  /** The revoked certificate, which may be that of a CA: SHA-256 in lower-case hex. */
  readonly certificate: string;
  readonly reason: RevocationReason;
  /** `thisUpdate` of the newest evidence that says so, in ISO 8601. */
  readonly thisUpdate: string;
  /** What comes back when a hold is lifted. */
  readonly before: Pick<CredentialState, 'state' | 'stateSetBy'>;
}
