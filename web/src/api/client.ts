import { ApiError, type ErrorDetail } from './api-error.js';
import { client } from './generated/client.gen.js';

let readToken: () => string | undefined = () => undefined;
let onUnauthorized: () => void = () => {};

/** Called once, by the sign-in. `refused` is called whenever the server no longer accepts the token. */
export function authenticateWith(token: () => string | undefined, refused: () => void): void {
  readToken = token;
  onUnauthorized = refused;
}

client.setConfig({
  baseUrl: window.location.origin,
  // The X-Token is sent by those who have asked for the password.
  auth: ({ type }) => (type === 'http' ? readToken() : undefined),
  cache: 'no-store',
});

interface Answer<Data> {
  readonly data?: Data | undefined;
  readonly error?: unknown;
  readonly response?: Response | undefined;
}

/**
 * The body of a successful answer of an operation of `generated/sdk.gen.ts`; an `ApiError` otherwise.
 *
 *     const user = await call(getUser({ path: { clientExtId, userExtId } }));
 */
export async function call<Data>(pending: Promise<Answer<Data>>): Promise<Data> {
  return (await callWithResponse(pending)).data;
}

/** As `call`, with the response, for its headers (`ETag`, `Location`). */
export async function callWithResponse<Data>(
  pending: Promise<Answer<Data>>,
): Promise<{ readonly data: Data; readonly response: Response }> {
  let answer: Answer<Data>;
  try {
    answer = await pending;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, [], undefined);
  }
  const { data, error, response } = answer;
  if (response === undefined) throw new ApiError(0, [], undefined);
  if (response.ok) return { data: data as Data, response };
  const refusal = errorOf(error, response);
  if (refusal.isOfToken) onUnauthorized();
  throw refusal;
}

function errorOf(body: unknown, response: Response): ApiError {
  const errors: unknown = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : undefined;
  const details = Array.isArray(errors) ? (errors as ErrorDetail[]) : [];
  const requestId = response.headers.get('X-Request-Id') ?? details[0]?.requestId;
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(response.status, details, requestId, Number.isFinite(seconds) ? seconds : undefined);
}
