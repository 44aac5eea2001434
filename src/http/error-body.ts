import { AppError, type ErrorDetail, X_TOKEN_FIELD } from '../common/errors.js';
import { ERROR_STATUS } from './error-status.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly errors: readonly (ErrorDetail & { readonly requestId: string })[] };
}

/** One fixed text for every internal error. The cause is in the log, under the request id. */
const DEFECT: ErrorDetail = {
  code: 'errors.fatalError',
  message: 'An unexpected error occurred. The log contains the details under the request id.',
};

/** Limits the size of the response: a small request, or a policy, must not cause a very large list of errors. */
const MAX_ERRORS = 100;

/** Contract 7.1: status, headers and body of every error response. */
export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  const details = error instanceof AppError ? error.details : ([DEFECT] as const);
  const status = ERROR_STATUS[details[0].code];
  return {
    status,
    headers: headersOf(status, error, details[0]),
    body: { errors: details.slice(0, MAX_ERRORS).map((detail) => ({ ...detail, requestId })) },
  };
}

const BEARER_CHALLENGE = 'Bearer realm="certkeep"';

/** RFC 9470 section 3: the token is valid, but the caller must also authenticate with the password. */
const X_TOKEN_CHALLENGE = 'Bearer error="insufficient_user_authentication"';

function headersOf(status: number, error: unknown, { field }: ErrorDetail): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': field === X_TOKEN_FIELD ? X_TOKEN_CHALLENGE : BEARER_CHALLENGE };
  if (status === 429 || status === 503) {
    const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
    return { 'Retry-After': String(seconds ?? 1) };
  }
  return {};
}
