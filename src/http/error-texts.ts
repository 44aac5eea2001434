import type { ErrorCode } from '../common/errors.js';

interface ErrorText {
  /** When a request is answered with it. */
  readonly when: string;
  /** What the caller, or the operator, does about it. */
  readonly remedy: string;
}

/** For docs/reference/error-codes.md, in Markdown. A code without its texts does not compile. */
export const ERROR_TEXTS = {
  'errors.malformedRequest': {
    when:
      'The request cannot be read: the body is missing, is not JSON or is not an object, a header is malformed, or the path ' +
      'cannot be decoded. The status is 408 if the request did not arrive in time, 417 for an `Expect` other than ' +
      '`100-continue`, and 431 if the headers are too large.',
    remedy: 'Correct the request; the message says what cannot be read. Sending it again unchanged does not help.',
  },
  'errors.unauthenticated': {
    when:
      'The bearer token is missing, expired or forged, or is not meant for this server. Where `field` is `X-Token`, the ' +
      'bearer token is good, and the X-Token is missing or no longer good.',
    remedy:
      'Get a new access token. For the X-Token: ask for the password, and get one with POST `/nevisidm/api/principal/v1/token`. ' +
      'If new tokens are refused too, compare `JWT_ISSUER`, `JWT_AUDIENCE` and the keys with the token; the log has the reason.',
  },
  'errors.permissionDenied': {
    when:
      'The caller lacks a right that the message names, a user sent a member that only an administrator may send, or the ' +
      "user's own record is not active.",
    remedy:
      'Give the caller a role with this right. GET `/nevisidm/api/principal/v1/permissions` shows the rights that the token gives.',
  },
  'errors.dataroomDenied': {
    when: 'The caller has the rights, but the client is not in their data room.',
    remedy: 'Check the client in the path. To let the caller reach it, add it to the claim with the data room.',
  },
  'errors.loginDenied': {
    when: 'GET `/nevisidm/api/core/v1/{clientExtId}/certificate-logins/check`: the client has no certificate, or its certificate cannot log in.',
    remedy: 'POST `/nevisidm/api/core/v1/{clientExtId}/certificate-logins` answers with a reference to the reason.',
  },
  'errors.noRecord': {
    when:
      'There is no such path, or no such client, user, policy, trust-anchor set, credential or key store. The answer does not ' +
      'say which of them is missing.',
    remedy: 'Check the path and its ids. Letter case counts, and a slash at the end makes another path.',
  },
  'errors.methodNotAllowed': {
    when: 'The path exists, but not with this method.',
    remedy: 'Use one of the methods in the header `Allow`.',
  },
  'errors.optimisticLockingFailure': {
    when: 'The body has a `version` that is not the current one: somebody else has changed the resource.',
    remedy: 'Read the resource again, decide whether the change still makes sense, and send it with the new version.',
  },
  'errors.preconditionFailed': {
    when: '`If-Match` does not match the current version.',
    remedy:
      'Read the resource again and send its new `ETag`. If the tag is weak (`W/"…"`), a proxy has changed it; turn off its ' +
      'compression for these answers.',
  },
  'errors.payloadTooLarge': {
    when:
      'The body is larger than the route allows: 128 KiB, 1 MiB for trust-anchor sets, 2 MiB for key stores, 10 MiB for ' +
      'CRLs, or 512 MiB for imports.',
    remedy: 'Send less, for example a batch in several requests.',
  },
  'errors.unsupportedMediaType': {
    when: 'The body is not of a type that the route reads, not in UTF-8, or compressed.',
    remedy: 'Send `Content-Type: application/json` and no `Content-Encoding`; a file as `multipart/form-data`.',
  },
  'errors.certificateExists': {
    when: 'The same certificate is already registered in this client, for whichever user.',
    remedy: 'Register another certificate, or delete the credential that has this one.',
  },
  'errors.certificatePolicyViolated': {
    when: 'The policy of the credential does not allow this certificate. There is one entry for each rule that it breaks.',
    remedy:
      'Read `rule`, `expected`, `found` and `remedy` of each entry, and have another certificate issued. With `?dryRun=true` a ' +
      'certificate is checked without being stored.',
  },
  'errors.deleteDefaultEntityFailure': {
    when: 'The policy is the default of its type. It cannot be deleted, and cannot lose the flag.',
    remedy: 'Make another policy of this type the default first, with `defaultPolicy: true`.',
  },
  'errors.duplicateName': {
    when: 'The name of a client, a policy, a trust-anchor set or a key store is taken.',
    remedy: 'Choose another name.',
  },
  'errors.duplicateValue': {
    when: 'The `extId` or the `loginId` is taken. Letter case makes no difference to a `loginId`.',
    remedy: 'Choose another one, or leave it out and have it generated.',
  },
  'errors.invalidCredentials': {
    when: 'The user name or the password is wrong, or the user or the password is locked. The answer does not say which.',
    remedy:
      'Ask for the password again. The state of the password, which an administrator can read, says whether it is locked.',
  },
  'errors.invalidData': {
    when:
      'The request can be read, but a value is not allowed, a required one is missing, or a member or query parameter is ' +
      'unknown. There is one entry for each fault.',
    remedy: 'Correct every `field` that is named.',
  },
  'errors.passwordExists': {
    when: 'The user already has a password.',
    remedy: 'Change it with PATCH, or delete it first.',
  },
  'errors.policyViolation': {
    when: 'The user already has as many certificates as `MAX_CREDENTIALS_PER_USER` allows.',
    remedy: 'Delete certificates that are no longer used, or raise the setting.',
  },
  'errors.pwdPolicyViolated': {
    when: 'The policy does not allow this password. There is one entry for each rule that it breaks.',
    remedy: 'Choose another password; `expected` and `remedy` say what would pass.',
  },
  'errors.recordDeleted': {
    when: 'The user or the credential is archived, and can no longer be changed.',
    remedy: 'Create a new one. What is archived stays readable until it is deleted.',
  },
  'errors.stateTransitionDenied': {
    when: 'The caller may not change the state in this way, for example a user who enables what an administrator disabled.',
    remedy: 'Have an administrator change the state. Nothing leaves `archived`.',
  },
  'errors.tooManySearchResults': {
    when: 'The search took longer than two seconds, or its page would be larger than 4 MiB.',
    remedy: 'Filter by an indexed member, leave `sortBy` and `offset` out, or send a smaller `limit`.',
  },
  'errors.undeletedDependencies': {
    when: 'Credentials use the policy, or policies name the trust-anchor set, that is to be deleted.',
    remedy: 'Delete those credentials first, or remove the parameter `trustAnchors` from those policies.',
  },
  'errors.preconditionRequired': {
    when: '`REQUIRE_VERSION` is on, and the change has neither `version` nor `If-Match`.',
    remedy: 'Send the version that you have read.',
  },
  'errors.tooManyRequests': {
    when: 'The caller has tried too many passwords.',
    remedy: 'Wait as many seconds as `Retry-After` says.',
  },
  'errors.fatalError': {
    when: 'A defect of the server.',
    remedy: 'Look for the `requestId` in the log, and report what it says.',
  },
  'errors.unavailable': {
    when:
      'The database, the vault or the keys of the identity provider cannot be reached, or the server is overloaded. Nothing is ' +
      'left half done. If the database failed, a change may or may not have been made.',
    remedy:
      'Send the request again after as many seconds as `Retry-After` says; read the resource before you repeat a change, or send its ' +
      '`version`. If the error persists, look at `/health/ready` and at the queues in `/metrics`.',
  },
} as const satisfies Record<ErrorCode, ErrorText>;
