import { DatabaseError } from 'pg';

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
const CANNOT_CONNECT_NOW = '57P03';
const LOCK_NOT_AVAILABLE = '55P03';

/** What a changed schema makes of statements that were prepared before: they can no longer run, but anew they can. */
const UNKNOWN_STATEMENT = '26000';
const STALE_PLAN = 'cached plan must not change result type';

/** Codes after which PostgreSQL has ended the connection. */
const CONNECTION_ENDED = /^(08|57P|25P03)/;

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
export const UNANSWERED = 'Query read timeout';

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
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED || code === LOCK_NOT_AVAILABLE;
}

/** Whether a connection that was refused for this reason may be taken soon: nobody listens yet, or it recovers. */
export function mayBeStarting(error: unknown): boolean {
  const { code = '', message = '' } = failureOf(error);
  return code === CANNOT_CONNECT_NOW || UNREACHABLE.has(code) || DRIVER_UNAVAILABLE.test(message);
}

/** Whether a statement that was prepared before a change of the schema only has to be prepared again. */
export function isStale(error: unknown): boolean {
  const { code, message } = failureOf(error);
  return code === UNKNOWN_STATEMENT || message === STALE_PLAN;
}

/**
 * Whether the connection on which this happened can be used no more. What PostgreSQL refuses leaves it whole; whatever
 * else fails, such as the socket or the driver's patience, does not.
 */
export function isBroken(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  if (error instanceof AppError && cause === undefined) return false;
  if (!(cause instanceof DatabaseError)) return true;
  return CONNECTION_ENDED.test(cause.code ?? '') || isStale(cause);
}

/** Whether a row was waited for longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return failureOf(error).code === LOCK_NOT_AVAILABLE;
}

/** Whether PostgreSQL gave up a statement because it took longer than `statement_timeout`. */
export function isTimeout(error: unknown): boolean {
  return failureOf(error).code === QUERY_CANCELED;
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
  if (code === LOCK_NOT_AVAILABLE) {
    return appError(
      { code: 'errors.unavailable', message: 'Others are changing the same record. Try again.' },
      { cause: error, internal: message, retryAfterSeconds: 1 },
    );
  }
  if (UNAVAILABLE.test(code) || UNREACHABLE.has(code) || DRIVER_UNAVAILABLE.test(message) || message === UNANSWERED) {
    return appError(
      { code: 'errors.unavailable', message: 'The database currently cannot be reached.' },
      { cause: error, internal: message, retryAfterSeconds: 5 },
    );
  }
  return error;
}
