import { daysUntil } from '../../components/instant.js';
import type { MyCertificate } from './queries.js';

/** From here on, a certificate that ends is to be replaced. */
const SOON_DAYS = 30;

/** What a certificate is to its owner. */
export type Condition =
  | 'usable'
  | 'endsSoon'
  | 'replaced'
  | 'notYetValid'
  | 'new'
  | 'toConfirm'
  | 'ended'
  | 'lockedForAWhile'
  | 'locked'
  | 'beingReset'
  | 'disabledByPolicy'
  | 'revoked'
  | 'disabledByOwner'
  | 'disabledByOthers'
  | 'renewed'
  | 'archived';

export function conditionOf(certificate: MyCertificate, now: number): Condition {
  const { stateName, validity, disabledOn } = certificate;
  switch (stateName) {
    case 'archived':
      return 'archived';
    case 'disabled':
      return whyDisabled(certificate);
    case 'tmp-locked':
      return 'lockedForAWhile';
    case 'fail-locked':
      return 'locked';
    case 'reset-code':
      return 'beingReset';
    default:
  }
  if (isBefore(validity.to, now)) return 'ended';
  if (stateName === 'initial') return 'new';
  if (stateName === 'admin-changed') return 'toConfirm';
  if (validity.from !== undefined && new Date(validity.from).getTime() > now) return 'notYetValid';
  if (disabledOn !== undefined) return 'replaced';
  return validity.to !== undefined && daysUntil(validity.to, now) <= SOON_DAYS ? 'endsSoon' : 'usable';
}

function whyDisabled({ stateChangeReason: reason }: MyCertificate): Condition {
  if (reason === 'policy-check-failed') return 'disabledByPolicy';
  if (reason === 'cert-revoked') return 'revoked';
  if (reason === 'renewal') return 'renewed';
  return reason === 'changed-by-user' ? 'disabledByOwner' : 'disabledByOthers';
}

function isBefore(time: string | undefined, now: number): boolean {
  return time !== undefined && new Date(time).getTime() < now;
}

/** What its owner may do (contract 5.1). The server decides; the page offers only what has a chance. */
interface Offers {
  readonly replace: boolean;
  /** Whether replacing it is what the owner should do next. */
  readonly replaceNow: boolean;
  readonly activate: boolean;
  readonly disable: boolean;
  readonly remove: boolean;
}

const NOTHING: Offers = { replace: false, replaceNow: false, activate: false, disable: false, remove: false };
const IN_USE: Offers = { ...NOTHING, replace: true, disable: true, remove: true };

const OFFERS: Readonly<Record<Condition, Offers>> = {
  usable: IN_USE,
  endsSoon: { ...IN_USE, replaceNow: true },
  // The newer one is there already.
  replaced: { ...IN_USE, replace: false },
  notYetValid: IN_USE,
  new: { ...IN_USE, activate: true },
  toConfirm: { ...IN_USE, activate: true },
  ended: { ...IN_USE, replaceNow: true },
  disabledByPolicy: { ...IN_USE, replaceNow: true, disable: false },
  revoked: { ...IN_USE, replaceNow: true, disable: false },
  // Another certificate would not enable it: a new one is added instead.
  disabledByOwner: { ...NOTHING, remove: true },
  renewed: { ...NOTHING, remove: true },
  lockedForAWhile: { ...NOTHING, disable: true },
  locked: { ...NOTHING, disable: true },
  beingReset: { ...NOTHING, disable: true },
  disabledByOthers: NOTHING,
  archived: NOTHING,
};

export function offersOf(condition: Condition): Offers {
  return OFFERS[condition];
}

const UNUSABLE: ReadonlySet<Condition> = new Set([
  'ended',
  'disabledByPolicy',
  'revoked',
  'disabledByOwner',
  'renewed',
  'disabledByOthers',
  'archived',
]);

/** What can be used comes first, and of it what ends first. */
export function byUse(now: number): (one: MyCertificate, other: MyCertificate) => number {
  const rank = (certificate: MyCertificate) => (UNUSABLE.has(conditionOf(certificate, now)) ? 1 : 0);
  return (one, other) => rank(one) - rank(other) || (one.validity.to ?? '').localeCompare(other.validity.to ?? '');
}
