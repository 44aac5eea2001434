import { OutgoingFailure, type OutgoingClient } from '../../outgoing/outgoing-client.js';
import type { Unavailable } from '../secret-vault.js';
import type { Timing } from './timing.js';
import { failureOf, unavailable, type VaultAnswer } from './vault-answer.js';

/** A key store of 256 KiB is 350 KB in base64; the rest is metadata. */
const MAXIMUM_BYTES = 1024 * 1024;
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;

export interface VaultRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1/`, of characters that need no escaping; a query may follow. */
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

/** An answer, and whether an earlier attempt of the same request may have been carried out already. */
export interface RepeatedAnswer extends VaultAnswer {
  readonly mayHaveHappenedBefore: boolean;
}

/** Requests to one vault server: bounded, and repeated where the vault says that trying again may help. */
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

  /** Tries again on 429 and 5xx only, ever later and never at the same time as others, while `signal` lasts. */
  async sendRepeatedly(request: VaultRequest, signal: AbortSignal): Promise<RepeatedAnswer | Unavailable> {
    let mayHaveHappenedBefore = false;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.send(request, signal);
      if (answer.outcome === 'unavailable') return answer;
      if (!isWorthRepeating(answer.status) || attempt === ATTEMPTS) return { ...answer, mayHaveHappenedBefore };
      mayHaveHappenedBefore ||= answer.status !== 429;
      const longest = FIRST_WAIT_MS * 2 ** attempt;
      await this.timing.wait((longest * (1 + this.timing.random())) / 2, signal);
      // What the vault said last tells more than that the time is over.
      if (signal.aborted) return failureOf(answer);
    }
  }

  private headers({ body, token }: VaultRequest): Record<string, string> {
    return {
      accept: 'application/json',
      // Asked for by listeners that guard against requests forged through a proxy.
      'x-vault-request': 'true',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.namespace === undefined ? {} : { 'x-vault-namespace': this.namespace }),
      ...(token === undefined ? {} : { 'x-vault-token': token }),
    };
  }
}

function isWorthRepeating(status: number): boolean {
  return status === 429 || status >= 500;
}

/** A failure may come from a proxy and have any body; a success has to be JSON, or empty. */
function readAnswer(status: number, bytes: Buffer): VaultAnswer | Unavailable {
  if (bytes.length === 0) return { outcome: 'answer', status, body: undefined };
  try {
    return { outcome: 'answer', status, body: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return status >= 400 ? { outcome: 'answer', status, body: undefined } : unavailable('unintelligible');
  }
}
