import { AppError, appError, type ErrorDetail } from '../common/errors.js';

/** What a violated constraint means to a caller. Whoever adds one to a migration adds its line here. */
const BY_CONSTRAINT: Readonly<Record<string, ErrorDetail>> = {
  clients_pk: { code: 'errors.duplicateValue', message: 'This extId is taken.', field: 'extId' },
  clients_name_unique: { code: 'errors.duplicateName', message: 'This name is taken.', field: 'name' },
  users_pk: { code: 'errors.duplicateValue', message: 'This extId is taken.', field: 'extId' },
  users_login_id_unique: { code: 'errors.duplicateValue', message: 'This loginId is taken.', field: 'loginId' },
  policies_pk: { code: 'errors.duplicateValue', message: 'This extId is taken.', field: 'extId' },
  policies_name_unique: { code: 'errors.duplicateName', message: 'This name is taken.', field: 'name' },
  policies_default_unique: {
    code: 'errors.duplicateValue',
    message: 'Another policy of this type has just become the default.',
    field: 'defaultPolicy',
  },
  credentials_pk: { code: 'errors.duplicateValue', message: 'This extId is taken.', field: 'extId' },
  credentials_certificate_unique: {
    code: 'errors.certificateExists',
    message: 'This certificate is already registered in this client.',
    field: 'certificate',
  },
  passwords_user_unique: { code: 'errors.passwordExists', message: 'The user already has a password.' },
  key_stores_name_unique: { code: 'errors.duplicateName', message: 'This name is taken.', field: 'name' },
  credentials_policy_fk: {
    code: 'errors.undeletedDependencies',
    message: 'Credentials use this policy.',
  },
};

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const QUERY_CANCELED = '57014';

/**
 * SQLSTATE classes and codes that say that the database cannot serve now: connection, resources, shutdown, time, a
 * server that is not the primary any more, and a race that was lost as often as it was run again.
 */
const UNAVAILABLE = /^(08|53|57P|57014|25P03|25006|3D000|28|40001|40P01)/;

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** What the driver says of a query that nothing was heard of. */
const UNANSWERED = 'Query read timeout';

/** Messages of the driver that carry no code. */
const DRIVER_UNAVAILABLE =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|pool after calling end/;

interface DatabaseFailure {
  readonly code?: string;
  readonly constraint?: string;
  readonly message?: string;
}

/** The refusal that a constraint would be, for whoever asks before it is tried or beside another. */
export function constraintDetail(constraint: string): ErrorDetail {
  const detail = BY_CONSTRAINT[constraint];
  if (detail === undefined) throw new Error(`No error belongs to the constraint ${constraint}.`);
  return detail;
}

export function isRetryable(error: unknown): boolean {
  const { code } = failureOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** Whether PostgreSQL gave up a statement because it took longer than `statement_timeout`. */
export function isTimeout(error: unknown): boolean {
  return failureOf(error).code === QUERY_CANCELED;
}

/** Whether the connection has fallen silent in the middle of a query. */
export function isUnanswered(error: unknown): boolean {
  return failureOf(error).message === UNANSWERED;
}

/** What the driver has thrown, also where it has been turned into what the domain knows. */
function failureOf(error: unknown): DatabaseFailure {
  const cause = error instanceof AppError ? error.cause : error;
  return cause ?? {};
}

/** Turns what the driver throws into what the domain knows; everything else stays as it is, and is a defect. */
export function domainErrorOf(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code = '', constraint = '', message = '' } = error as DatabaseFailure;
  const detail = BY_CONSTRAINT[constraint];
  if (detail !== undefined) return appError(detail, { cause: error });
  if (UNAVAILABLE.test(code) || UNREACHABLE.has(code) || DRIVER_UNAVAILABLE.test(message) || message === UNANSWERED) {
    return appError(
      { code: 'errors.unavailable', message: 'The database cannot be reached at the moment.' },
      { cause: error, internal: message, retryAfterSeconds: 5 },
    );
  }
  return error;
}
