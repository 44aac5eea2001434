import { AUDIT_ACTIONS, AUDIT_KINDS } from './audit/audit-event.model.js';
import { ORDERS as AUDIT_ORDERS } from './audit/audit-log.queries.js';
import { AuditEventResource } from './audit/event-resource.js';
import { JobResource } from './bulk/job-resource.js';
import { BULK_ACTIONS, JOB_KINDS, JOB_STATUSES, ROW_RESULTS } from './bulk/job.model.js';
import { CertificateResource } from './certificates/certificate-resource.js';
import { POLICY_VERDICTS } from './certificates/evaluation/policy-outcome.model.js';
import { PURPOSES, VERDICTS } from './certificates/explanation/explanation.rules.js';
import { READING_KINDS } from './certificates/finding/recognise-text.rules.js';
import { LOGIN_OUTCOMES } from './certificates/logins/login-decision.rules.js';
import { USER_CREDENTIAL_RESOURCES } from './certificates/user-credential-resource.js';
import { CLIENT_CERTIFICATE_OUTCOMES } from './client-certificate.controller.js';
import { ClientResource } from './clients/client-resource.js';
import { ASSIGNABLE_STATES, STATE_CHANGE_REASONS, STATE_NAMES } from './credentials/credential-state.rules.js';
import { StateChangeReasonResource } from './credentials/state-change-reasons.controller.js';
import { DENIAL_KINDS } from './denials/denial.model.js';
import { ERROR_CODE_NAMES } from './http/openapi/error-responses.js';
import { pageSchema } from './http/openapi/operation.decorators.js';
import {
  CLASSIFICATIONS_SCHEMA,
  EXTERNAL_ID_SCHEMA,
  PAGINATION_SCHEMA,
  TEXT_MAP_SCHEMA,
} from './http/openapi/schemas.js';
import { oneOfResources, oneOfTexts } from './http/openapi/shared-schemas.js';
import { P12_SCHEMA } from './liveperson/certificate-item.dto.js';
import { MTLS_STATUSES } from './liveperson/mtls-certificate-resource.js';
import { PolicyResource } from './policies/policy-resource.js';
import { POLICY_TYPES } from './policies/policy-types.rules.js';
import { SCOPE_REASONS } from './trust/revocation/crl-description.js';
import { TrustSetCrlResource } from './trust/revocation/trust-set-crl-resource.js';
import { CRL_UNUSED_REASONS } from './trust/revocation/trust-set-crl.rules.js';
import { TrustAnchorSetResource } from './trust/trust-set-resource.js';
import { CERTIFICATE_ROLES } from './trust/trust-set.model.js';
import { UserResource } from './users/user-resource.js';
import { LANGUAGES } from './users/user.model.js';
import { SEXES, USER_STATES } from './users/user.table.js';
import { SORT_ORDERS } from './users/users-query.js';
import { ALTERNATIVE_NAME_TYPES } from './x509/certificate/alternative-name.js';
import { PATH_REASONS } from './x509/path/path-result.js';
import { REVOCATION_REASONS } from './x509/revocation/crl-entry.js';
import { REVOCATION_SOURCE_KINDS } from './x509/revocation/revocation-source.js';
import { REVOCATION_STATUSES } from './x509/revocation/revocation-status.js';
import { UNKNOWN_CODES } from './x509/revocation/unknown-cause.js';

/** What the OpenAPI document names once and refers to, beside the classes of resources and bodies. */
export const NAMED_SCHEMAS = {
  AlternativeNameType: oneOfTexts(ALTERNATIVE_NAME_TYPES, 'The type of a name in a certificate.'),
  AssignableCredentialState: oneOfTexts(ASSIGNABLE_STATES, 'A state that a change of a credential may ask for.'),
  AuditAction: oneOfTexts(AUDIT_ACTIONS, 'What was done.'),
  AuditEventOrder: oneOfTexts(AUDIT_ORDERS, 'By time: `asc` oldest first, `desc` newest first.'),
  AuditEventPage: pageSchema(AuditEventResource),
  AuditKind: oneOfTexts(AUDIT_KINDS, 'The kind of resource that it was done to.'),
  BulkAction: oneOfTexts(BULK_ACTIONS, 'What is done with each of many certificates.'),
  CertificatePage: pageSchema(CertificateResource),
  Classifications: CLASSIFICATIONS_SCHEMA,
  ClientCertificateOutcome: oneOfTexts(
    CLIENT_CERTIFICATE_OUTCOMES,
    'Whether a request has a client certificate that is believed.',
  ),
  ClientPage: pageSchema(ClientResource),
  CrlPage: pageSchema(TrustSetCrlResource),
  CrlScopeReason: oneOfTexts(SCOPE_REASONS, 'A reason of revocations that a CRL is about.'),
  CrlUnusedReason: oneOfTexts(CRL_UNUSED_REASONS, 'Why a CRL of a trust-anchor set does not count.'),
  CredentialState: oneOfTexts(STATE_NAMES, 'The state of a credential.'),
  DenialKind: oneOfTexts(DENIAL_KINDS, 'What a gateway that remembers logins has to ask again.'),
  ErrorCode: oneOfTexts(ERROR_CODE_NAMES, 'Why a request was refused; each has one status.'),
  ExplanationPurpose: oneOfTexts(PURPOSES, 'What is explained.'),
  ExternalId: EXTERNAL_ID_SCHEMA,
  Gender: oneOfTexts(SEXES, 'Of a user.'),
  JobAction: oneOfTexts(JOB_KINDS, 'What a job does with each of its rows.'),
  JobPage: pageSchema(JobResource),
  JobResult: oneOfTexts(ROW_RESULTS, 'What became of a row of a job.'),
  JobStatus: oneOfTexts(JOB_STATUSES, 'Whether a job still runs.'),
  Language: oneOfTexts(LANGUAGES, 'A language, in upper case.'),
  LoginOutcome: oneOfTexts(LOGIN_OUTCOMES, 'How a login with a certificate ended.'),
  LookupReading: oneOfTexts(READING_KINDS, 'What a text may be taken for.'),
  MtlsCertificateStatus: oneOfTexts(MTLS_STATUSES, "In LivePerson's spelling."),
  P12: P12_SCHEMA,
  Pagination: PAGINATION_SCHEMA,
  PolicyVerdict: oneOfTexts(POLICY_VERDICTS, 'What a policy makes of a certificate.'),
  PathReason: oneOfTexts(PATH_REASONS, 'Why a certificate cannot be part of a path.'),
  PolicyPage: pageSchema(PolicyResource),
  PolicyType: oneOfTexts(POLICY_TYPES, 'The type of a policy.'),
  RevocationReason: oneOfTexts(REVOCATION_REASONS, 'Why a certificate was revoked (RFC 5280 section 5.3.1).'),
  RevocationSourceKind: oneOfTexts(REVOCATION_SOURCE_KINDS, 'An OCSP response or a CRL.'),
  RevocationStatus: oneOfTexts(REVOCATION_STATUSES, 'Whether a certificate is revoked.'),
  RevocationUnknownCode: oneOfTexts(UNKNOWN_CODES, 'Why it is not known whether a certificate is revoked.'),
  StateChangeReasonPage: pageSchema(StateChangeReasonResource),
  StateChangeReason: oneOfTexts(STATE_CHANGE_REASONS, 'Why a credential is in its state.'),
  TextMap: TEXT_MAP_SCHEMA,
  TrustAnchorSetPage: pageSchema(TrustAnchorSetResource),
  TrustedCertificateRole: oneOfTexts(CERTIFICATE_ROLES, 'What a set holds a certificate for.'),
  UserCredentialPage: pageSchema(USER_CREDENTIAL_RESOURCES),
  UserCredentialResource: oneOfResources(USER_CREDENTIAL_RESOURCES),
  UserPage: pageSchema(UserResource),
  UserSortOrder: oneOfTexts(SORT_ORDERS, 'A member of a user, with a leading `-` in descending order.'),
  UserState: oneOfTexts(USER_STATES, 'The state of a user.'),
  Verdict: oneOfTexts(VERDICTS, 'The outcome of an upload, or of a login.'),
};
