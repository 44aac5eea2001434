import type { PolicyType } from '../../api/generated/types.gen.js';

/** Does not compile if the API document has a type that is missing here. */
const ORDER = {
  CertificatePolicy: 0,
  PwdPolicy: 1,
  OTPCardPolicy: 2,
  TicketPolicy: 2,
  TempStrongPasswordPolicy: 2,
  GenericCredentialPolicy: 2,
  TANPolicy: 2,
  VascoPolicy: 2,
  PUKPolicy: 2,
  URLTicketPolicy: 2,
  DevicePasswordPolicy: 2,
  MobileSignaturePolicy: 2,
  SAMLFederationPolicy: 2,
  SecurityQuestionsPolicy: 2,
  ContextPasswordPolicy: 2,
  OpenAuthenticationPolicy: 2,
  ProfilePolicy: 2,
  ClientPolicy: 2,
  UnitPolicy: 2,
  FidoUafPolicy: 2,
} satisfies Record<PolicyType, number>;

/** Those that have an effect come first. */
export const POLICY_TYPES = Object.keys(ORDER).toSorted(
  (one, other) => ORDER[one as PolicyType] - ORDER[other as PolicyType],
) as readonly PolicyType[];
