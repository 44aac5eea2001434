import type { Caller } from '../../common/actor.js';
import type { CertificatePolicy } from '../../policies/certificate-policy.model.js';
import type { DerCertificate } from '../../x509/certificate/der-certificate.js';
import type { PolicyAndTrust } from '../certificate-trust.service.js';
import type { EvidenceAllowance } from '../evidence-allowance.js';
import type { READ_CERTIFICATE_LOGIN } from './certificate-login.queries.js';
import { type DecidedLogin, UNKNOWN_CERTIFICATE } from './login-decision.rules.js';
import type { RenewedRow } from './renewal.queries.js';

/** Whatever it came from: a body, a header or a TLS connection. */
export interface PresentedCertificate {
  readonly certificate: DerCertificate;
  /** Completes paths; never decides whose login it is. */
  readonly chain: readonly DerCertificate[];
}

export interface LoginQuestion extends PresentedCertificate {
  readonly caller: Caller;
  readonly clientExtId: string;
  readonly allowance: EvidenceAllowance;
}

type ReadLogin = NonNullable<Awaited<ReturnType<typeof READ_CERTIFICATE_LOGIN.first>>>;
export type LoginRow = Extract<ReadLogin, { readonly extId: string }>;

export interface KnownLogin {
  readonly decided: DecidedLogin;
  readonly known: PolicyAndTrust & { readonly row: LoginRow };
}

/** The certificate may replace that of a credential (contract 15.5). `known.row` is the credential after that. */
export interface RenewingLogin extends KnownLogin {
  readonly renews: RenewedRow;
}

/** No credential has the certificate, and it replaces that of none. */
export interface UnknownLogin {
  readonly decided: DecidedLogin;
  readonly known: undefined;
  /** The credential whose certificate it would replace if the decision were another one. */
  readonly notRenewed?: { readonly row: RenewedRow; readonly policy: CertificatePolicy };
}

export type Login = KnownLogin | RenewingLogin | UnknownLogin;

/** The credential that a decision is about, and its policy; nothing about a certificate whose names no credential has. */
export function aboutLogin(login: Login): {
  readonly row?: Pick<LoginRow, 'extId' | 'userExtId' | 'policyExtId'>;
  readonly policy?: CertificatePolicy;
} {
  return login.known ?? login.notRenewed ?? {};
}

export const UNKNOWN_LOGIN: UnknownLogin = { decided: UNKNOWN_CERTIFICATE, known: undefined };
