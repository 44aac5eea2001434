import { printable } from '../common/printable.js';
import type { Secret } from '../common/secret.js';
import { StartError } from '../common/start-error.js';
import type { OutgoingClient } from '../outgoing/outgoing-client.js';
import { messagesOf } from './json-answer.js';

export interface Server {
  readonly url: URL;
  readonly token: Secret<string>;
}

const MAX_ANSWER = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Posts to a route of the core and reads its answer.
 *
 * @param purpose - what the server was asked to do, for the message that it did not
 * @param read - undefined if it is no such answer
 * @throws StartError if there is no such answer, with what the server said
 */
export async function postToServer<Answer>(
  client: OutgoingClient,
  { url, token }: Server,
  { path, body }: { readonly path: string; readonly body: object },
  purpose: string,
  read: (json: unknown) => Answer | undefined,
): Promise<Answer> {
  const target = new URL(url);
  target.pathname = `${url.pathname.replace(/\/$/, '')}/nevisidm/api/core/v1/${path}`;
  const { status, body: answer } = await client
    .send({
      method: 'POST',
      url: target,
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      maximumBytes: MAX_ANSWER,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      destination: 'configured',
    })
    .catch((error: unknown) => {
      throw new StartError(`${url.origin} did not answer: ${printable((error as Error).message)}.`, { cause: error });
    });
  const json = parsed(answer);
  const result = status === 200 ? read(json) : undefined;
  if (result !== undefined) return result;
  const said = messagesOf(json)
    .map((message) => printable(message))
    .join(' ');
  throw new StartError(`${url.origin} did not ${purpose} (status ${status}). ${said}`.trim());
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
