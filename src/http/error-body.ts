import { AppError, type ErrorDetail, X_TOKEN_FIELD } from '../common/errors.js';
import { ERROR_STATUS } from './error-status.js';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly errors: readonly (ErrorDetail & { readonly requestId: string })[] };
}

/** One text for every defect: what went wrong is in the log, under the request id. */
const DEFECT: ErrorDetail = {
  code: 'errors.fatalError',
  message: 'The server met an unexpected condition. The request id finds it in the log.',
};

/** However much was wrong: what a caller has sent, or a policy asks for, must not be answered by far more. */
const MAX_ERRORS = 100;

/** Contract 7.1: the body of every answer that is not a success, and the headers that belong to its status. */
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

/** RFC 9470 section 3: the token is good, and a login with the password is wanted beside it. */
const X_TOKEN_CHALLENGE = 'Bearer error="insufficient_user_authentication"';

function headersOf(status: number, error: unknown, { field }: ErrorDetail): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': field === X_TOKEN_FIELD ? X_TOKEN_CHALLENGE : BEARER_CHALLENGE };
  if (status === 429 || status === 503) {
    const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
    return { 'Retry-After': String(seconds ?? 1) };
  }
  return {};
}
