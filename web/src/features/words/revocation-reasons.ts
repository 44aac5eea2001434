import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { RevocationReason } from '../../api/generated/types.gen.js';

/** Why an issuer has revoked a certificate (RFC 5280 section 5.3.1). */
export const REVOCATION_REASONS: Readonly<Record<RevocationReason, MessageDescriptor>> = {
  unspecified: msg`no reason given`,
  keyCompromise: msg`the private key is known to others`,
  cACompromise: msg`the private key of the CA is known to others`,
  affiliationChanged: msg`the owner no longer belongs to the organization`,
  superseded: msg`replaced by another certificate`,
  cessationOfOperation: msg`no longer needed`,
  certificateHold: msg`on hold`,
  removeFromCRL: msg`no longer on hold`,
  privilegeWithdrawn: msg`a privilege was withdrawn`,
  aACompromise: msg`the private key of the attribute authority is known to others`,
};
