import type { ErrorDetail } from '../common/errors.js';
import { CERTIFICATE_PARAMETERS } from './certificate-parameters.rules.js';
import { readCertificatePolicy } from './certificate-policy.rules.js';
import { inCode } from './parameter-types.rules.js';
import { notEnforced, PASSWORD_PARAMETERS, readPasswordPolicy } from './password-policy.rules.js';
import type { Parameters as DeclaredParameters } from './policy-parameters.rules.js';

/** The documented types. Only `CertificatePolicy` and `PwdPolicy` have an effect (contract 2.10). */
export const POLICY_TYPES = [
  'PwdPolicy',
  'OTPCardPolicy',
  'TicketPolicy',
  'TempStrongPasswordPolicy',
  'CertificatePolicy',
  'GenericCredentialPolicy',
  'TANPolicy',
  'VascoPolicy',
  'PUKPolicy',
  'URLTicketPolicy',
  'DevicePasswordPolicy',
  'MobileSignaturePolicy',
  'SAMLFederationPolicy',
  'SecurityQuestionsPolicy',
  'ContextPasswordPolicy',
  'OpenAuthenticationPolicy',
  'ProfilePolicy',
  'ClientPolicy',
  'UnitPolicy',
  'FidoUafPolicy',
] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

/** The types that are acted on, with what they are declared to take. */
export const DECLARED_PARAMETERS: Readonly<Partial<Record<PolicyType, DeclaredParameters>>> = {
  CertificatePolicy: CERTIFICATE_PARAMETERS,
  PwdPolicy: PASSWORD_PARAMETERS,
};

/** For the OpenAPI document. */
export const PARAMETER_NAMES = Object.entries(DECLARED_PARAMETERS)
  .map(([type, declared]) => `Of a ${type}: ${inCode(Object.keys(declared))}.`)
  .join(' ');

type Parameters = Readonly<Record<string, string>>;

/** All errors in the parameters; types without an effect accept any parameters. */
export function parameterErrors(policyType: string, parameters: Parameters): readonly ErrorDetail[] {
  switch (policyType) {
    case 'CertificatePolicy':
      return readCertificatePolicy(parameters).errors;
    case 'PwdPolicy':
      return readPasswordPolicy(parameters).errors;
    default:
      return [];
  }
}

/** The trust-anchor set that the policy names; null if it names none. */
export function trustSetOf(policyType: string, parameters: Parameters): string | null {
  return policyType === 'CertificatePolicy' ? (parameters['trustAnchors'] ?? null) : null;
}

/** The read-only member `notEnforced`: only a PwdPolicy stores parameters without effect (contract 2.12). */
export function notEnforcedBy(policyType: string, parameters: Parameters): readonly string[] {
  return policyType === 'PwdPolicy' ? notEnforced(parameters) : [];
}
