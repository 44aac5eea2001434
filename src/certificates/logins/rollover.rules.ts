import { type CredentialState, stateAt } from '../../credentials/credential-state.rules.js';

const DAY_MS = 86_400_000;

interface Newer {
  readonly extId: string;
  readonly notBefore: Date;
}

interface Older extends CredentialState {
  readonly extId: string;
  readonly notBefore: Date | null;
}

export interface Ended<Credential> {
  readonly before: Credential;
  readonly row: Credential & { readonly disabledOn: Date };
}

/**
 * The other credentials as the first login of a newer one leaves them (contract 15.6): those whose certificates begin
 * earlier end after the days of grace, or when they do already. `others` have its user, policy, issuer and subject.
 */
export function endedBy<Credential extends Older>(
  { extId, notBefore }: Newer,
  others: readonly Credential[],
  graceDays: number,
  now: Date,
): readonly Ended<Credential>[] {
  const end = new Date(now.getTime() + graceDays * DAY_MS);
  return others
    .filter((other) => other.extId !== extId && isOlder(other, notBefore) && endsLater(other, end, now))
    .map((before) => ({ before, row: { ...before, replacedBy: extId, disabledOn: end } }));
}

function isOlder({ notBefore }: Older, than: Date): boolean {
  return notBefore !== null && notBefore < than;
}

/** What is disabled or archived has ended, and an end that has been set never becomes later. */
function endsLater(other: Older, end: Date, now: Date): boolean {
  const { state, disabledOn } = stateAt(other, now);
  return state !== 'disabled' && state !== 'archived' && (disabledOn === null || disabledOn > end);
}
