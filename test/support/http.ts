import type { TestApp } from './app.js';
import { requireDocumentedError } from './documented-errors.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads any body
  readonly body: any;
}

export interface Sending {
  readonly token?: string | undefined;
  readonly xToken?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string unchanged. */
  readonly body?: unknown;
}

/** Sends one request to the application. An error response must be one that the OpenAPI document has. */
export async function send(
  app: Pick<TestApp, 'url'>,
  method: string,
  path: string,
  sending: Sending = {},
): Promise<Answer> {
  const { token, xToken, headers = {}, body } = sending;
  const response = await fetch(app.url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(xToken === undefined ? {} : { 'X-Token': xToken }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: Answer = {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
  if (answer.status >= 400 && answer.body?.errors !== undefined) {
    for (const code of codesOf(answer)) requireDocumentedError(method, path, answer.status, code);
  }
  return answer;
}

/** The codes of an error body, in order. */
export function codesOf({ body }: Answer): string[] {
  return (body as { errors: { code: string }[] }).errors.map(({ code }) => code);
}

/** The status and the codes of an error body. */
export function refusalOf(answer: Answer): [number, string[]] {
  return [answer.status, codesOf(answer)];
}

/** The fields of the errors of a body, in order. */
export function fieldsOf({ body }: Answer): (string | undefined)[] {
  return (body as { errors: { field?: string }[] }).errors.map(({ field }) => field);
}

export const CORE = '/nevisidm/api/core/v1';
