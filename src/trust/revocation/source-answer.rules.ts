const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** After one failure; twice as long after each further one. */
const FIRST_FAILURE_MS = 30_000;
const MAX_FAILURE_MS = 10 * MINUTE_MS;

interface Lifetime {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** Until when a source is not asked again. `failures`: in a row, with this one. */
export function failedUntil(failures: number, now: Date): Date {
  const pause = Math.min(FIRST_FAILURE_MS * 2 ** Math.min(failures - 1, 10), MAX_FAILURE_MS);
  return new Date(now.getTime() + pause);
}

/**
 * When the next answer is fetched in the background: after three quarters of the lifetime of this one, up to a tenth
 * earlier, so that answers that begin together are not fetched together; at the latest an hour before its end and in a day,
 * and not sooner than in five minutes. Null: an answer that ends so soon is fetched when a check needs it.
 */
export function refreshAt({ thisUpdate, nextUpdate }: Lifetime, sourceSha256: Buffer, now: Date): Date | null {
  const lifetime = nextUpdate.getTime() - thisUpdate.getTime();
  const early = sourceSha256.readUInt16BE(0) / 0x1_00_00;
  const usual = thisUpdate.getTime() + lifetime * (0.75 - 0.1 * early);
  const latest = Math.min(nextUpdate.getTime() - HOUR_MS, now.getTime() + 24 * HOUR_MS);
  const time = Math.max(Math.min(usual, latest), now.getTime() + 5 * MINUTE_MS);
  return time < nextUpdate.getTime() ? new Date(time) : null;
}
