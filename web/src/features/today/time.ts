const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function startOfMinute(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** `days` after `at`, as the server writes a time. */
export function isoTime(at: number, days = 0): string {
  return `${new Date(at + days * DAY_MS).toISOString().slice(0, 19)}Z`;
}
