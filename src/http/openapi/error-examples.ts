import { type ErrorCode, type ErrorDetail, X_TOKEN_FIELD } from '../../common/errors.js';

type Example = { readonly errors: readonly (ErrorDetail & { readonly requestId: string })[] };

/** An example response for each code; a test provokes each of them. A code without an example does not compile. */
const DETAILS = {
  'errors.malformedRequest': { message: 'The body is not JSON: it ends too early, at line 1, column 12.' },
  'errors.unauthenticated': { message: 'A valid token is required.' },
  'errors.permissionDenied': {
    message: 'This requires AccessControl.CredentialModify and AccessControl.CredentialView.',
  },
  'errors.dataroomDenied': { message: "The client is not in the caller's data room." },
  'errors.loginDenied': { message: 'This certificate cannot log in.' },
  'errors.noRecord': { message: 'There is no such record.' },
  'errors.methodNotAllowed': { message: 'This path only supports DELETE, GET, HEAD, PATCH.' },
  'errors.optimisticLockingFailure': {
    message: 'The resource has been changed since the version sent. Read it again and repeat the change.',
    field: 'version',
    currentVersion: 2,
    changedBy: 'admin-1',
    changedAt: '2026-06-01T12:00:00Z',
  },
  'errors.preconditionFailed': {
    message: 'The resource has a different version than If-Match requires. Read it again.',
    field: 'If-Match',
    currentVersion: 2,
  },
  'errors.preconditionRequired': {
    message: 'Send the version that the change is based on, as the member version or as If-Match.',
  },
  'errors.payloadTooLarge': { message: 'The body is larger than 128 KiB.' },
  'errors.unsupportedMediaType': {
    message: 'The body must be application/json in UTF-8, without a content coding.',
    field: 'Content-Type',
  },
  'errors.certificateExists': {
    message: 'This certificate is already registered in this client.',
    field: 'certificate',
  },
  'errors.certificatePolicyViolated': {
    message: 'The policy does not allow this certificate: maxValidityDays: expected at most 397 days, found 825 days.',
    field: 'certificate',
    rule: 'maxValidityDays',
    parameter: 'maxValidityDays',
    expected: 'at most 397 days',
    found: '825 days',
    remedy: 'Have it issued for at most 397 days.',
  },
  'errors.deleteDefaultEntityFailure': {
    message: 'This is the default of its type. Make another one the default first.',
  },
  'errors.duplicateName': { message: 'This name is taken.', field: 'name' },
  'errors.duplicateValue': { message: 'This extId is taken.', field: 'extId' },
  'errors.invalidCredentials': { message: 'The user name or the password is wrong.' },
  'errors.invalidData': { message: 'version must be a whole number from 0 to 2147483647.', field: 'version' },
  'errors.passwordExists': { message: 'The user already has a password.' },
  'errors.policyViolation': {
    message: 'A user can have at most 100 certificates, and this user has 100. Delete one that is no longer used.',
  },
  'errors.pwdPolicyViolated': {
    message: 'The policy does not allow this password: minLength: expected at least 12 characters, found 5 characters.',
    field: 'password',
    rule: 'minLength',
    parameter: 'minLength',
    expected: 'at least 12 characters',
    found: '5 characters',
    remedy: 'Choose a password of at least 12 characters.',
  },
  'errors.recordDeleted': { message: 'The user is archived and can no longer be changed.' },
  'errors.stateTransitionDenied': {
    message: 'The state may not be changed from disabled to active.',
    field: 'stateName',
  },
  'errors.tooManySearchResults': { message: 'The search took too long. Filter by an indexed member.' },
  'errors.undeletedDependencies': { message: 'Credentials use this policy.' },
  'errors.tooManyRequests': { message: 'Too many attempts. Try again later.' },
  'errors.fatalError': {
    message: 'An unexpected error occurred. The log contains the details under the request id.',
  },
  'errors.unavailable': { message: 'The database is currently unavailable.' },
} as const satisfies Record<ErrorCode, Omit<ErrorDetail, 'code'>>;

/** Used if only the X-Token is missing or no longer valid (contract 4.5). */
export const X_TOKEN_EXAMPLE = 'errors.unauthenticated.X-Token';

const exampleOf = (code: ErrorCode, detail: Omit<ErrorDetail, 'code'>): Example => ({
  errors: [{ code, ...detail, requestId: '0b5e1f6c-8a2d-4e0b-9a53-3f1f7c1f9f10' }],
});

export const ERROR_EXAMPLES: Readonly<Record<string, Example>> = {
  ...Object.fromEntries(Object.entries(DETAILS).map(([code, detail]) => [code, exampleOf(code as ErrorCode, detail)])),
  [X_TOKEN_EXAMPLE]: exampleOf('errors.unauthenticated', {
    message: 'A valid X-Token is required.',
    field: X_TOKEN_FIELD,
  }),
};
