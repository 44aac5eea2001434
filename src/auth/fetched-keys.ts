import type { JWTHeaderParameters } from 'jose';

import { appError, type AppError } from '../common/errors.js';
import { PUBLIC_KEY_ALGORITHMS, type VerificationKey } from '../config/signing-keys.js';
import { type NamedKey, readKeySet } from './json-web-keys.js';
import { type KeySource, MAX_CANDIDATES } from './key-source.js';

/** A key that its issuer has withdrawn is refused no later than this. Milliseconds. */
const FRESH_MS = 5 * 60_000;

/** However many tokens name keys that nobody knows, and however long the issuer cannot be had. */
const PAUSE_MS = 60_000;

/** How long the last keys are good where no others can be had. */
const GOOD_MS = 24 * 60 * 60_000;

/** Answers the text of the set, or throws. */
type FetchKeySet = () => Promise<string>;

/**
 * The keys of a JWK Set that is fetched at the start, when it is needed and older than five minutes, and when a
 * token is of a key that is not in it; never more than once a minute. While it cannot be had the last one serves for a
 * day, and after that no token can be verified: 503.
 */
export class FetchedKeys implements KeySource {
  private keys: readonly NamedKey[] = [];
  private fetchedAt: Date | undefined;
  private triedAt: Date | undefined;
  private hasFailed = false;
  private fetching: Promise<void> | undefined;

  constructor(
    private readonly fetchKeySet: FetchKeySet,
    /** Is told why the set could not be had. */
    private readonly onFailure: (reason: string) => void,
  ) {}

  async *candidatesFor(header: JWTHeaderParameters, now: Date): AsyncGenerator<VerificationKey, undefined> {
    if (!PUBLIC_KEY_ALGORITHMS.has(header.alg)) throw new Error('token of an algorithm that no public key is for');
    await this.refresh(now, FRESH_MS);
    this.requireGood(now);
    const known = this.find(header);
    yield* known;
    // A token that names its key is forged where that key is here and did not sign it.
    if ((header.kid !== undefined && known.length > 0) || known.length === MAX_CANDIDATES) return;
    await this.refresh(now, 0);
    const others = this.find(header).filter((key) => !known.includes(key));
    yield* others.slice(0, MAX_CANDIDATES - known.length);
  }

  async holds(key: VerificationKey, now: Date): Promise<boolean> {
    await this.refresh(now, FRESH_MS);
    this.requireGood(now);
    return this.keys.some((one) => one === key);
  }

  get wereFetched(): boolean {
    return this.fetchedAt !== undefined;
  }

  /** Until there is a set, without the pause that the tokens of callers have to keep. Never rejects. */
  async fetchFirst(now: Date): Promise<void> {
    if (this.wereFetched) return;
    await this.startFetching(now);
  }

  private find({ alg, kid }: JWTHeaderParameters): readonly NamedKey[] {
    const fitting: NamedKey[] = [];
    for (const key of this.keys) {
      if ((kid !== undefined && key.kid !== kid) || !key.algorithms.includes(alg)) continue;
      // An issuer may list a key twice, by two names or for two algorithms.
      if (!fitting.some((one) => one.key.equals(key.key))) fitting.push(key);
      if (fitting.length === MAX_CANDIDATES) break;
    }
    return fitting;
  }

  /**
   * Fetches a set that is older than this, unless that was tried within the last minute. All who need it meanwhile wait for one,
   * but for those whom the last set serves while the issuer is known to be out of reach: they must not hang with it.
   */
  private async refresh(now: Date, oldest: number): Promise<void> {
    if (isWithin(this.fetchedAt, now, oldest)) return;
    if (this.fetching === undefined) {
      if (isWithin(this.triedAt, now, PAUSE_MS)) return;
      void this.startFetching(now);
    }
    const serves = this.hasFailed && isWithin(this.fetchedAt, now, GOOD_MS);
    if (!serves) await this.fetching;
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
      const keys = readKeySet(await this.fetchKeySet());
      // A set without a usable key would lock everybody out; an issuer who means that stops issuing.
      if (keys === undefined || keys.length === 0) throw new Error('the answer is no JWK Set with a usable key');
      this.keys = keys.map((key) => this.keys.find((one) => isSame(one, key)) ?? key);
      this.fetchedAt = now;
      this.hasFailed = false;
    } catch (error) {
      this.hasFailed = true;
      this.onFailure((error as Error).message);
    }
  }

  private requireGood(now: Date): void {
    if (!isWithin(this.fetchedAt, now, GOOD_MS)) throw withoutKeys();
  }
}

/** An instant that lies ahead says that the clock was set back: it tells nothing. */
function isWithin(instant: Date | undefined, now: Date, milliseconds: number): boolean {
  if (instant === undefined) return false;
  const age = now.getTime() - instant.getTime();
  return age >= 0 && age < milliseconds;
}

function isSame(one: NamedKey, other: NamedKey): boolean {
  return one.kid === other.kid && one.key.equals(other.key) && one.algorithms.join() === other.algorithms.join();
}

function withoutKeys(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The keys that tokens are verified with currently cannot be had.' },
    { internal: 'no key set of the last 24 hours', retryAfterSeconds: PAUSE_MS / 1000 },
  );
}
