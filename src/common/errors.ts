/** Every code that may leave the server, in the spelling of contract 7.1. */
export type ErrorCode =
  | 'errors.fatalError'
  | 'errors.invalidData'
  | 'errors.duplicateName'
  | 'errors.duplicateValue'
  | 'errors.undeletedDependencies'
  | 'errors.noRecord'
  | 'errors.recordDeleted'
  | 'errors.policyViolation'
  | 'errors.deleteDefaultEntityFailure'
  | 'errors.pwdPolicyViolated'
  | 'errors.certificatePolicyViolated'
  | 'errors.passwordExists'
  | 'errors.certificateExists'
  | 'errors.tooManySearchResults'
  | 'errors.optimisticLockingFailure'
  | 'errors.preconditionFailed'
  | 'errors.preconditionRequired'
  | 'errors.permissionDenied'
  | 'errors.dataroomDenied'
  | 'errors.unauthenticated'
  | 'errors.invalidCredentials'
  | 'errors.stateTransitionDenied'
  | 'errors.malformedRequest'
  | 'errors.unsupportedMediaType'
  | 'errors.payloadTooLarge'
  | 'errors.tooManyRequests'
  | 'errors.methodNotAllowed'
  | 'errors.unavailable';

/** One entry of an error body. Everything in it may be read by the caller. */
export interface ErrorDetail {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
  /** Position in a batch, from 0. */
  readonly index?: number;
  readonly rule?: string;
  readonly parameter?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
  readonly currentVersion?: number;
  readonly changedBy?: string;
  readonly changedAt?: string;
}

interface AppErrorOptions {
  /** For the log only; never for the caller. */
  readonly internal?: string | undefined;
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * The one error that features throw. The first detail's code decides the status (`http/error-status.ts`); all details
 * of one error therefore belong to one status.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly details: readonly [ErrorDetail, ...ErrorDetail[]];
  readonly internal: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(details: readonly [ErrorDetail, ...ErrorDetail[]], options: AppErrorOptions = {}) {
    super(details[0].message, options.cause === undefined ? undefined : { cause: options.cause });
    this.details = details;
    this.internal = options.internal;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get code(): ErrorCode {
    return this.details[0].code;
  }

  /** The same error in every other respect. */
  withDetails(change: (detail: ErrorDetail) => ErrorDetail): AppError {
    const [first, ...rest] = this.details;
    return new AppError([change(first), ...rest.map(change)], this);
  }
}

/** An error with a single entry, the usual case. */
export function appError(detail: ErrorDetail, options?: AppErrorOptions): AppError {
  return new AppError([detail], options);
}

/** Throws one error that carries every collected entry; does nothing where there is none. */
export function throwAll(details: readonly ErrorDetail[]): void {
  const [first, ...rest] = details;
  if (first !== undefined) throw new AppError([first, ...rest]);
}

/** Why work was given up whose caller has closed the connection: nobody is there to be answered. */
export class CallerLeftError extends Error {
  override readonly name = 'CallerLeftError';

  constructor() {
    super('The caller has left.');
  }
}

/** Contract 4.3: unknown clients, users and credentials are told apart by nothing. */
export function noRecord(): AppError {
  return appError({ code: 'errors.noRecord', message: 'There is no such record.' });
}

/** What a refusal of the X-Token names; `http/error-body.ts` tells it from one of the bearer token by this. */
export const X_TOKEN_FIELD = 'X-Token';

/** Contract 4.5: as `unauthenticated`, of a caller whose bearer token is good; still not why. */
export function xTokenRequired(internal: string): AppError {
  return appError(
    { code: 'errors.unauthenticated', message: 'A valid X-Token is required.', field: X_TOKEN_FIELD },
    { internal: `x-token: ${internal}` },
  );
}

/** Contract 4.1: one generic text, whatever was wrong. */
export function unauthenticated(internal: string): AppError {
  return appError({ code: 'errors.unauthenticated', message: 'A valid token is required.' }, { internal });
}
