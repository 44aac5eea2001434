import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { LookupReading } from '../../api/generated/types.gen.js';

/** What a text may be (contract 16.3). */
export const READINGS: Readonly<Record<LookupReading, MessageDescriptor>> = {
  certificate: msg`This certificate`,
  fingerprintSha256: msg`SHA-256 fingerprint`,
  fingerprintSha1: msg`SHA-1 fingerprint`,
  publicKeySha256: msg`SHA-256 of the public key`,
  subjectKeyIdentifier: msg`Subject key identifier`,
  authorityKeyIdentifier: msg`Authority key identifier`,
  serial: msg`Serial number`,
  subject: msg`Subject`,
  issuer: msg`Issuer`,
  email: msg`E-mail address`,
  extId: msg`ID of a credential`,
  userExtId: msg`ID of a user`,
  loginReference: msg`Reference of a refused login`,
  text: msg`Part of a name or a number`,
};
