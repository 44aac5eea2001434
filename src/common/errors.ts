/** Every error code of the API, as in contract 7.1. */
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
  | 'errors.loginDenied'
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
  /** Position in a batch, or of a certificate in its member, from 0. */
  readonly index?: number;
  readonly rule?: string;
  readonly parameter?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
  /** How no path to a trust anchor was found, in a dry run. */
  readonly path?: object;
  /** What is known about the revocation of each certificate of the path, in a dry run. */
  readonly evidence?: readonly object[];
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
 * The only error that features throw. The code of the first detail decides the status (`http/error-status.ts`), so all
 * details of one error must have the same status.
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

  /** A copy of this error with changed details. */
  withDetails(change: (detail: ErrorDetail) => ErrorDetail): AppError {
    const [first, ...rest] = this.details;
    return new AppError([change(first), ...rest.map(change)], this);
  }
}

/** An error with a single detail, the usual case. */
export function appError(detail: ErrorDetail, options?: AppErrorOptions): AppError {
  return new AppError([detail], options);
}

/** Throws one error with all collected details; does nothing if there are none. */
export function throwAll(details: readonly ErrorDetail[]): void {
  const [first, ...rest] = details;
  if (first !== undefined) throw new AppError([first, ...rest]);
}

/** Work was cancelled because the caller has closed the connection and no longer waits for a response. */
export class CallerLeftError extends Error {
  override readonly name = 'CallerLeftError';

  constructor() {
    super('The caller has closed the connection.');
  }
}

export function invalidParameter(field: string, message: string): ErrorDetail {
  return { code: 'errors.invalidData', message, field };
}

/** Contract 4.3: the response is the same for an unknown client, user or credential. */
export function noRecord(): AppError {
  return appError({ code: 'errors.noRecord', message: 'There is no such record.' });
}

/**
 * The `field` of an error about the X-Token, by which `http/error-body.ts` distinguishes it from one about the bearer
 * token.
 */
export const X_TOKEN_FIELD = 'X-Token';

/** Contract 4.5: like `unauthenticated`, for a caller whose bearer token is valid. Also gives no reason. */
export function xTokenRequired(internal: string): AppError {
  return appError(
    { code: 'errors.unauthenticated', message: 'A valid X-Token is required.', field: X_TOKEN_FIELD },
    { internal: `x-token: ${internal}` },
  );
}

/** Contract 4.1: one generic text for every reason. */
export function unauthenticated(internal: string): AppError {
  return appError({ code: 'errors.unauthenticated', message: 'A valid token is required.' }, { internal });
}

/**
 * Returns the result of `read`. If `read` throws an AppError, its details are added to `errors`, so that all errors are
 * reported together.
 */
export function collectErrors<Result>(errors: ErrorDetail[], read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    errors.push(...error.details);
    return undefined;
  }
}
