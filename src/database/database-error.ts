import { DatabaseError } from 'pg';

import { AppError, appError, type ErrorDetail } from '../common/errors.js';

/** The error for each violated constraint. Every constraint added by a migration needs an entry here. */
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
  policies_trust_set_fk: {
    code: 'errors.invalidData',
    message: 'The client has no trust-anchor set with this extId.',
    field: 'parameters.trustAnchors',
    parameter: 'trustAnchors',
  },
  trust_anchor_sets_pk: { code: 'errors.duplicateValue', message: 'This extId is taken.', field: 'extId' },
  trust_anchor_sets_name_unique: { code: 'errors.duplicateName', message: 'This name is taken.', field: 'name' },
  passwords_user_unique: { code: 'errors.passwordExists', message: 'The user already has a password.' },
  key_stores_name_unique: { code: 'errors.duplicateName', message: 'This name is taken.', field: 'name' },
  jobs_running_unique: {
    code: 'errors.policyViolation',
    message: 'A client has one job at a time, and one is still running. Wait until it has ended, or stop it.',
  },
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
const CHECK_VIOLATION = '23514';

/** Errors of statements that were prepared before a schema change; preparing them again helps. */
const UNKNOWN_STATEMENT = '26000';
const STALE_PLAN = 'cached plan must not change result type';

/** SQLSTATE codes after which PostgreSQL has closed the connection, or is no longer the primary. */
const CONNECTION_ENDED = /^(08|57P|25P03|25006)/;

/**
 * SQLSTATE classes and codes that mean that the database is currently unavailable: connection, resources, shutdown,
 * timeout, a server that is no longer the primary, and a transaction that still fails after all retries, and a failing disk.
 */
const UNAVAILABLE = /^(08|53|57P|57014|25P03|25006|3D000|28|40001|40P01|58)/;

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

/** The driver's message for a query without a response. */
export const READ_TIMEOUT_MESSAGE = 'Query read timeout';

/** The message for a server that the proxy still takes for the primary. */
export const STANDBY_MESSAGE = 'The server of this connection is a standby';

/** The message for a commit that a failover may lose, so that its outcome is unknown. */
export const UNREPLICATED_MESSAGE = 'The commit was made, but no standby has confirmed it';

/** Messages of the driver, and those two, without a code. */
const DRIVER_UNAVAILABLE =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|pool after calling end|is a standby|no standby has confirmed/;

interface DatabaseFailure {
  readonly code?: string;
  readonly constraint?: string;
  readonly message?: string;
}

/** The error for a constraint, for checks before or in addition to the write. */
export function constraintDetail(constraint: string): ErrorDetail {
  const detail = BY_CONSTRAINT[constraint];
  if (detail === undefined) throw new Error(`The constraint ${constraint} has no error.`);
  return detail;
}

export function isRetryable(error: unknown): boolean {
  const failure = failureOf(error);
  const { code } = failure;
  return (
    code === SERIALIZATION_FAILURE ||
    code === DEADLOCK_DETECTED ||
    code === LOCK_NOT_AVAILABLE ||
    violatesPartition(failure)
  );
}

/**
 * Whether a partition was created for the row after the default partition had been chosen for it. Unlike a check
 * constraint, the bounds of a partition have no name.
 */
function violatesPartition({ code, constraint }: DatabaseFailure): boolean {
  return code === CHECK_VIOLATION && constraint === undefined;
}

/** Whether connecting may succeed soon: nothing listens yet, or the server is recovering. */
export function isStartingUp(error: unknown): boolean {
  const { code = '', message = '' } = failureOf(error);
  return code === CANNOT_CONNECT_NOW || UNREACHABLE.has(code) || DRIVER_UNAVAILABLE.test(message);
}

/** Whether the statement only needs to be prepared again after a schema change. */
export function isStale(error: unknown): boolean {
  const { code, message } = failureOf(error);
  return code === UNKNOWN_STATEMENT || message === STALE_PLAN;
}

/** Thrown by work that wants its transaction to be rolled back; the connection is as good as before. */
export class RollbackError extends Error {
  override readonly name: string = 'RollbackError';
}

/**
 * Whether the connection can no longer be used. Errors reported by PostgreSQL leave it usable; any other failure, such
 * as of the socket or a timeout of the driver, does not.
 */
export function isBroken(error: unknown): boolean {
  if (error instanceof RollbackError) return false;
  const cause = error instanceof AppError ? error.cause : error;
  if (error instanceof AppError && cause === undefined) return false;
  if (!(cause instanceof DatabaseError)) return true;
  return CONNECTION_ENDED.test(cause.code ?? '') || isStale(cause);
}

export const FAILURE_KINDS = ['lock', 'timeout', 'unavailable', 'other'] as const;
type FailureKind = (typeof FAILURE_KINDS)[number];

/**
 * What kind of failure of the database this is, for its metrics; undefined for what a constraint has refused, for a
 * statement that is only to be prepared again, and for errors of other parts.
 */
export function failureKindOf(error: unknown): FailureKind | undefined {
  const { code = '', constraint, message = '' } = failureOf(error);
  if (isStale(error) || constraint !== undefined) return undefined;
  if (isRetryable(error)) return 'lock';
  if (code === QUERY_CANCELED || message === READ_TIMEOUT_MESSAGE) return 'timeout';
  if (UNAVAILABLE.test(code) || UNREACHABLE.has(code) || DRIVER_UNAVAILABLE.test(message)) return 'unavailable';
  return (error instanceof AppError ? error.cause : error) instanceof DatabaseError ? 'other' : undefined;
}

/** Whether a row lock was not available within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return failureOf(error).code === LOCK_NOT_AVAILABLE;
}

/** Whether PostgreSQL cancelled a statement after `statement_timeout`. */
export function isTimeout(error: unknown): boolean {
  return failureOf(error).code === QUERY_CANCELED;
}

/** The original error of the driver, also if it has been converted already. */
function failureOf(error: unknown): DatabaseFailure {
  const cause = error instanceof AppError ? error.cause : error;
  return cause ?? {};
}

/**
 * Converts errors of the driver to domain errors; any other error is returned unchanged and treated as an internal
 * error.
 */
export function domainErrorOf(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code = '', constraint = '', message = '' } = error as DatabaseFailure;
  const detail = BY_CONSTRAINT[constraint];
  if (detail !== undefined) return appError(detail, { cause: error });
  if (code === LOCK_NOT_AVAILABLE) {
    return appError(
      { code: 'errors.unavailable', message: 'Other requests are changing the same record. Try again.' },
      { cause: error, internal: message, retryAfterSeconds: 1 },
    );
  }
  if (
    UNAVAILABLE.test(code) ||
    UNREACHABLE.has(code) ||
    DRIVER_UNAVAILABLE.test(message) ||
    message === READ_TIMEOUT_MESSAGE
  ) {
    return appError(
      { code: 'errors.unavailable', message: 'The database is currently unavailable.' },
      { cause: error, internal: message, retryAfterSeconds: 5 },
    );
  }
  return error;
}
