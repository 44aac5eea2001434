import type { TokenResource } from '../../api/generated/types.gen.js';

/** Asked again this long before the server would refuse it, so that a request in progress is not refused. */
const MARGIN_MS = 15_000;

/** An X-Token and its end by the clock of this page. */
export interface HeldToken {
  readonly value: string;
  readonly endsAt: number;
}

export function heldToken({ access_token: value, expires_in: seconds }: TokenResource, now: number): HeldToken {
  return { value, endsAt: now + seconds * 1000 - MARGIN_MS };
}

export function isUsable(token: HeldToken | undefined, now: number): token is HeldToken {
  return token !== undefined && now < token.endsAt;
}
