import type { OutgoingClient } from '../outgoing/outgoing-client.js';

const MAXIMUM_BYTES = 256 * 1024;
const TIMEOUT_MS = 5_000;

/** Fetches the text of the key set from the configured URL. */
export async function fetchKeySet(client: OutgoingClient, url: URL): Promise<string> {
  const { status, body } = await client.send({
    url,
    headers: { accept: 'application/jwk-set+json, application/json' },
    maximumBytes: MAXIMUM_BYTES,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    destination: 'configured',
  });
  if (status !== 200) throw new Error(`the response has status ${status}`);
  return body.toString('utf8');
}
