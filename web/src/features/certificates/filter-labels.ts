import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { FilterName } from './filters.js';

interface FilterText {
  readonly label: MessageDescriptor;
  readonly help?: MessageDescriptor;
}

/** What each filter selects by, and how its value is written (contract 16.1). */
export const FILTER_TEXTS: Readonly<Record<FilterName, FilterText>> = {
  q: {
    label: msg`A part of a name or a number`,
    help: msg`Of the subject, an alternative name, the serial number or the ID; of the user's login ID or e-mail address. At least 3 characters.`,
  },
  stateName: { label: msg`State` },
  reason: { label: msg`Reason of the state` },
  expiresBefore: { label: msg`Validity ends before` },
  expiresAfter: { label: msg`Validity ends after` },
  unusedSince: { label: msg`Not used since` },
  userExtId: { label: msg`User`, help: msg`The ID of the user.` },
  policyExtId: { label: msg`Policy`, help: msg`The ID of the policy.` },
  subjectDN: { label: msg`Subject`, help: msg`The whole name, such as CN=Jane Doe,O=Acme AG,C=CH.` },
  issuerDN: { label: msg`Issuer`, help: msg`The whole name.` },
  san: { label: msg`Subject alternative name`, help: msg`The whole name, such as email:jane@acme.test.` },
  serial: { label: msg`Serial number`, help: msg`Hex, or dec: and a decimal number.` },
  fingerprint: { label: msg`Fingerprint`, help: msg`SHA-256 or SHA-1.` },
  subjectKeyIdentifier: { label: msg`Subject key identifier` },
  authorityKeyIdentifier: { label: msg`Authority key identifier` },
  publicKeySha256: { label: msg`SHA-256 of the public key` },
  keyType: { label: msg`Key type`, help: msg`Such as RSA:2048 or EC:P-256.` },
  signatureAlgorithm: { label: msg`Signature algorithm`, help: msg`Such as ecdsa-with-SHA256.` },
  extendedKeyUsage: { label: msg`Extended key usage`, help: msg`Such as clientAuth, or an OID.` },
};
