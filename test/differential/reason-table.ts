import { GO_REASONS } from './go-reasons.js';
import type { KnownReason } from './known-reason.js';
import { OPENSSL_REASONS } from './openssl-reasons.js';
import { SHARED_REASONS } from './shared-reasons.js';

export const KNOWN_REASONS: readonly KnownReason[] = [
  ...SHARED_REASONS.flatMap((reason): KnownReason[] => [
    { implementation: 'OpenSSL', ...reason },
    { implementation: 'Go', ...reason },
  ]),
  ...OPENSSL_REASONS.map((reason): KnownReason => ({ implementation: 'OpenSSL', ...reason })),
  ...GO_REASONS.map((reason): KnownReason => ({ implementation: 'Go', ...reason })),
];
