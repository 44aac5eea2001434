import type { JWTHeaderParameters } from 'jose';

import { appError, type AppError } from '../common/errors.js';
import { PUBLIC_KEY_ALGORITHMS, type VerificationKey } from '../config/signing-keys.js';
import type { OutgoingClient } from '../outgoing/outgoing-client.js';
import { type NamedKey, readKeySet } from './json-web-keys.js';
import { type KeySource, MAX_CANDIDATES } from './key-source.js';

/** A key that its issuer has withdrawn is refused after this time at the latest. In milliseconds. */
const REFRESH_AFTER_MS = 5 * 60_000;

/**
 * Minimum pause between two fetches, however many tokens name unknown keys and however long the issuer is unavailable.
 */
const PAUSE_MS = 60_000;

/** How long the last keys are used if no others can be fetched. */
const MAX_KEY_SET_AGE_MS = 24 * 60 * 60_000;

const MAX_KEY_SET_BYTES = 256 * 1024;
const TIMEOUT_MS = 5_000;

/** Returns the text of the set, or throws. */
type FetchKeySet = () => Promise<string>;

/**
 * The keys of a JWK Set. It is fetched at startup, when it is needed and older than five minutes, and when a token
 * names a key that is not in it, but never more than once a minute. If it cannot be fetched, the last one is used for a
 * day; after that no token can be verified, and requests get a 503.
 */
export class FetchedKeys implements KeySource {
  private keys: readonly NamedKey[] = [];
  private fetchedAt: Date | undefined;
  private triedAt: Date | undefined;
  private hasFailed = false;
  private fetching: Promise<void> | undefined;

  constructor(
    private readonly fetchText: FetchKeySet,
    /** Called with the reason when the set could not be fetched. */
    private readonly onFailure: (reason: string) => void,
  ) {}

  async *candidatesFor(header: JWTHeaderParameters, now: Date): AsyncGenerator<VerificationKey, undefined> {
    if (!PUBLIC_KEY_ALGORITHMS.has(header.alg)) throw new Error('token with an algorithm that is not for public keys');
    await this.refresh(now, REFRESH_AFTER_MS);
    this.requireUsableKeys(now);
    const known = this.find(header);
    yield* known;
    // If the named key is in the set and did not sign the token, the token is forged.
    if ((header.kid !== undefined && known.length > 0) || known.length === MAX_CANDIDATES) return;
    await this.refresh(now, 0);
    const others = this.find(header).filter((key) => !known.includes(key));
    yield* others.slice(0, MAX_CANDIDATES - known.length);
  }

  async holds(key: VerificationKey, now: Date): Promise<boolean> {
    await this.refresh(now, REFRESH_AFTER_MS);
    this.requireUsableKeys(now);
    return this.keys.some((one) => one === key);
  }

  get hasKeys(): boolean {
    return this.fetchedAt !== undefined;
  }

  /** Fetches the first set, without the pause that applies to tokens of callers. Never rejects. */
  async fetchFirst(now: Date): Promise<void> {
    if (this.hasKeys) return;
    await this.startFetching(now);
  }

  private find({ alg, kid }: JWTHeaderParameters): readonly NamedKey[] {
    const fitting: NamedKey[] = [];
    for (const key of this.keys) {
      if ((kid !== undefined && key.kid !== kid) || !key.algorithms.includes(alg)) continue;
      // An issuer may list a key twice, with two key ids or for two algorithms.
      if (!fitting.some((one) => one.key.equals(key.key))) fitting.push(key);
      if (fitting.length === MAX_CANDIDATES) break;
    }
    return fitting;
  }

  /**
   * Fetches the set if it is older than `oldest`, unless that was tried within the last minute. Concurrent callers wait
   * for the same fetch. While the issuer is known to be unavailable, callers for whom the last set is sufficient do not
   * wait.
   */
  private async refresh(now: Date, oldest: number): Promise<void> {
    if (isWithin(this.fetchedAt, now, oldest)) return;
    if (this.fetching === undefined) {
      if (isWithin(this.triedAt, now, PAUSE_MS)) return;
      void this.startFetching(now);
    }
    const isUsable = this.hasFailed && isWithin(this.fetchedAt, now, MAX_KEY_SET_AGE_MS);
    if (!isUsable) await this.fetching;
  }

  private async startFetching(now: Date): Promise<void> {
    if (this.fetching === undefined) {
      this.triedAt = now;
      this.fetching = this.fetch(now).finally(() => {
        this.fetching = undefined;
      });
    }
    await this.fetching;
  }

  private async fetch(now: Date): Promise<void> {
    try {
      const keys = readKeySet(await this.fetchText());
      // A set without a usable key would refuse every caller, so it is treated as an error of the issuer.
      if (keys === undefined || keys.length === 0) throw new Error('the response is not a JWK Set with a usable key');
      this.keys = keys.map((key) => this.keys.find((one) => isSame(one, key)) ?? key);
      this.fetchedAt = now;
      this.hasFailed = false;
    } catch (error) {
      this.hasFailed = true;
      this.onFailure((error as Error).message);
    }
  }

  private requireUsableKeys(now: Date): void {
    if (!isWithin(this.fetchedAt, now, MAX_KEY_SET_AGE_MS)) throw keySetUnavailable();
  }
}

/** An instant in the future means that the clock was set back, so it does not count. */
function isWithin(instant: Date | undefined, now: Date, milliseconds: number): boolean {
  if (instant === undefined) return false;
  const age = now.getTime() - instant.getTime();
  return age >= 0 && age < milliseconds;
}

function isSame(one: NamedKey, other: NamedKey): boolean {
  return one.kid === other.kid && one.key.equals(other.key) && one.algorithms.join() === other.algorithms.join();
}

function keySetUnavailable(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The keys for verifying tokens are currently unavailable.' },
    { internal: 'no key set fetched within the last 24 hours', retryAfterSeconds: PAUSE_MS / 1000 },
  );
}

/** Fetches the text of the key set from the configured URL. */
export async function fetchKeySet(client: OutgoingClient, url: URL): Promise<string> {
  const { status, body } = await client.send({
    url,
    headers: { accept: 'application/jwk-set+json, application/json' },
    maximumBytes: MAX_KEY_SET_BYTES,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    destination: 'configured',
  });
  if (status !== 200) throw new Error(`the response has status ${status}`);
  // This also removes a BOM, with which files on web servers may begin.
  return new TextDecoder().decode(body);
}
