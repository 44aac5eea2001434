import type { Clock } from '../common/clock.js';
import type { OutgoingClient } from '../outgoing/outgoing-client.js';

const MAX_METADATA_BYTES = 256 * 1024;
const TIMEOUT_MS = 5_000;

/** How long what was found is used, and how long nobody asks again after a failure. */
const FOUND_MS = 60 * 60_000;
const FAILED_MS = 60_000;

/** The endpoints that scripts of the pages may send requests to; the others are addresses that the browser opens. */
const ENDPOINTS = ['token_endpoint', 'userinfo_endpoint', 'revocation_endpoint', 'jwks_uri'] as const;

/** The origins of the endpoints in the issuer's metadata (OpenID Connect Discovery 1.0 section 4). */
export class IssuerOrigins {
  private origins: readonly string[];
  private validUntil = 0;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly client: OutgoingClient,
    private readonly issuer: string,
    private readonly clock: Clock,
    /** Called with the reason when the metadata could not be read. */
    private readonly onFailure: (reason: string) => void,
  ) {
    this.origins = [new URL(issuer).origin];
  }

  /** Never rejects: while the issuer cannot be reached, the last ones found, or its own origin. */
  async current(): Promise<readonly string[]> {
    if (this.clock.now().getTime() >= this.validUntil) {
      this.asking ??= this.ask().finally(() => {
        this.asking = undefined;
      });
      await this.asking;
    }
    return this.origins;
  }

  private async ask(): Promise<void> {
    let milliseconds = FOUND_MS;
    try {
      this.origins = originsIn(this.issuer, await this.metadata());
    } catch (error) {
      milliseconds = FAILED_MS;
      this.onFailure((error as Error).message);
    }
    this.validUntil = this.clock.now().getTime() + milliseconds;
  }

  private async metadata(): Promise<unknown> {
    const { status, body } = await this.client.send({
      url: new URL(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
      headers: { accept: 'application/json' },
      maximumBytes: MAX_METADATA_BYTES,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      destination: 'configured',
    });
    if (status !== 200) throw new Error(`the response has status ${status}`);
    return JSON.parse(body.toString('utf8'));
  }
}

function originsIn(issuer: string, metadata: unknown): readonly string[] {
  const members = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  const urls = [issuer, ...ENDPOINTS.map((name) => members[name])];
  const found = urls.flatMap((url) => (typeof url === 'string' && URL.canParse(url) ? [new URL(url)] : []));
  // An origin becomes a word of a header, and those of other schemes are "null".
  return [...new Set(found.filter(({ protocol }) => /^https?:$/.test(protocol)).map(({ origin }) => origin))];
}
