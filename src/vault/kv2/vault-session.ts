import type { Clock } from '../../common/clock.js';
import type { Kv2Login } from '../../config/vault-settings.js';
import type { Unavailable } from '../secret-vault.js';
import { TIMEOUT } from './vault-answer.js';
import type { VaultHttp } from './vault-http.js';
import { logIn, renew, type Lease, WrongSecretId } from './vault-login.js';

/** The fraction of a token's lifetime after which it is renewed. The rest is a reserve in case the vault is down. */
const RENEW_AFTER = 2 / 3;

interface Held {
  readonly lease: Lease;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** The token shared by all calls. The first call after two thirds of its lifetime renews it. */
export class VaultSession {
  private held: Held | undefined;
  private pending: Promise<Lease | Unavailable> | undefined;
  private readonly wrong: WrongSecretId;

  constructor(
    private readonly http: VaultHttp,
    private readonly login: Kv2Login,
    private readonly clock: Clock,
    private readonly limitMs: number,
  ) {
    this.wrong = new WrongSecretId(clock);
  }

  async token(signal: AbortSignal): Promise<Lease | Unavailable> {
    const now = this.clock.now().getTime();
    if (this.held !== undefined && now < this.held.renewAt) return this.held.lease;
    this.pending ??= this.obtain(now).finally(() => (this.pending = undefined));
    return await untilAborted(this.pending, signal);
  }

  /** A refused token is not used again; another call may already have replaced it. */
  discard(lease: Lease): void {
    if (this.held?.lease.token === lease.token) this.held = undefined;
  }

  /** Has its own time limit, because many calls may wait for it and none should decide for the others. */
  private async obtain(now: number): Promise<Lease | Unavailable> {
    const signal = AbortSignal.timeout(this.limitMs);
    const { held } = this;
    if (held !== undefined && now < held.expiresAt) {
      const renewed = held.lease.renewable ? await renew(this.http, held.lease.token, signal) : undefined;
      if (renewed?.outcome === 'lease') return this.hold(renewed, now);
      // Only an explicit refusal means that it cannot be renewed; until then the token stays in use.
      if (renewed !== undefined && renewed.reason !== 'refused') return held.lease;
    }
    const fresh = await logIn(this.http, this.login, this.wrong, signal);
    if (fresh.outcome === 'lease') return this.hold(fresh, now);
    return held !== undefined && now < held.expiresAt ? held.lease : fresh;
  }

  private hold(lease: Lease, now: number): Lease {
    const life = lease.seconds === 0 ? Number.POSITIVE_INFINITY : lease.seconds * 1000;
    this.held = { lease, renewAt: now + life * RENEW_AFTER, expiresAt: now + life };
    return lease;
  }
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | Unavailable> {
  if (signal.aborted) return TIMEOUT;
  const { promise, resolve } = Promise.withResolvers<Unavailable>();
  const abort = (): void => resolve(TIMEOUT);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
