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

/** SQLSTATE classes and codes that say that the database cannot serve now: connection, resources, shutdown, time. */
const UNAVAILABLE = /^(08|53|57P|57014|25P03|3D000|28)/;

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/** Messages of the driver that carry no code. */
const DRIVER_UNAVAILABLE =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|pool after calling end/;

interface DatabaseFailure {
  readonly code?: string;
  readonly constraint?: string;
  readonly message?: string;
}

/** The refusal that a constraint would have been, for a dry run that must not try it. */
export function constraintError(constraint: string): AppError {
  const detail = BY_CONSTRAINT[constraint];
  if (detail === undefined) throw new Error(`No error belongs to the constraint ${constraint}.`);
  return appError(detail);
}

export function isRetryable(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  const { code } = (cause ?? {}) as DatabaseFailure;
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** Whether PostgreSQL gave up a statement because it took longer than `statement_timeout`. */
export function isTimeout(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return ((cause ?? {}) as DatabaseFailure).code === QUERY_CANCELED;
}

/** Turns what the driver throws into what the domain knows; everything else stays as it is, and is a defect. */
export function domainErrorOf(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code = '', constraint = '', message = '' } = error as DatabaseFailure;
  const detail = BY_CONSTRAINT[constraint];
  if (detail !== undefined) return appError(detail, { cause: error });
  if (UNAVAILABLE.test(code) || UNREACHABLE.has(code) || DRIVER_UNAVAILABLE.test(message)) {
    return appError(
      { code: 'errors.unavailable', message: 'The database cannot be reached at the moment.' },
      { cause: error, internal: message, retryAfterSeconds: 5 },
    );
  }
  return error;
}
