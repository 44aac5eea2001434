import type { OutgoingClient } from '../../outgoing/outgoing-client.js';
import { OutgoingFailure } from '../../outgoing/outgoing-request.js';
import type { Unavailable } from '../secret-vault.js';
import type { Timing } from './timing.js';
import { failureOf, unavailable, type VaultAnswer } from './vault-answer.js';

/** A key store of 256 KiB is 350 KB in base64; the rest is metadata. */
const MAXIMUM_BYTES = 1024 * 1024;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;

export interface VaultRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Relative to `/v1/`, without characters that need escaping; may contain a query. */
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

/** A response, and whether an earlier attempt of the same request may have been executed already. */
export interface RepeatedAnswer extends VaultAnswer {
  readonly mayBeRepeated: boolean;
}

/** Sends requests to one vault server, with limits, and retries when the status says that this may help. */
export class VaultHttp {
  constructor(
    private readonly client: OutgoingClient,
    private readonly address: URL,
    private readonly namespace: string | undefined,
    private readonly timing: Timing,
  ) {}

  async send(request: VaultRequest, signal: AbortSignal): Promise<VaultAnswer | Unavailable> {
    const { method, path, body } = request;
    try {
      const answer = await this.client.send({
        method,
        url: new URL(`/v1/${path}`, this.address),
        headers: this.headers(request),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        maximumBytes: MAXIMUM_BYTES,
        signal,
        destination: 'configured',
      });
      return readAnswer(answer.status, answer.body);
    } catch (error) {
      if (!(error instanceof OutgoingFailure)) throw error;
      return unavailable(error.reason === 'tooLarge' ? 'unintelligible' : error.reason);
    }
  }

  /** Retries only on 429 and 5xx, with exponential backoff and jitter, until `signal` is aborted. */
  async sendRepeatedly(request: VaultRequest, signal: AbortSignal): Promise<RepeatedAnswer | Unavailable> {
    let mayBeRepeated = false;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.send(request, signal);
      if (answer.outcome === 'unavailable') return answer;
      if (!isRetryable(answer.status) || attempt === ATTEMPTS) return { ...answer, mayBeRepeated };
      mayBeRepeated ||= answer.status !== 429;
      const maxWait = FIRST_WAIT_MS * 2 ** attempt;
      await this.timing.wait((maxWait * (1 + this.timing.random())) / 2, signal);
      // The last response is more informative than a timeout.
      if (signal.aborted) return failureOf(answer);
    }
  }

  private headers({ body, token }: VaultRequest): Record<string, string> {
    return {
      accept: 'application/json',
      // Required by listeners that are protected against server-side request forgery.
      'x-vault-request': 'true',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.namespace === undefined ? {} : { 'x-vault-namespace': this.namespace }),
      ...(token === undefined ? {} : { 'x-vault-token': token }),
    };
  }
}

function isRetryable(status: number): boolean {
  return status === 429 || status >= 500;
}

/** A failure may come from a proxy and have any body; a success must be JSON, or empty. */
function readAnswer(status: number, bytes: Buffer): VaultAnswer | Unavailable {
  if (bytes.length === 0) return { outcome: 'answer', status, body: undefined };
  try {
    return { outcome: 'answer', status, body: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return status >= 400 ? { outcome: 'answer', status, body: undefined } : unavailable('unintelligible');
  }
}
