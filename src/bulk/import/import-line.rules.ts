import type { ErrorDetail } from '../../common/errors.js';
import type { StateChangeReason, StateName } from '../../credentials/credential-state.rules.js';

/** What a line says, as far as it decides which changes are made. */
export interface PlannedLine {
  readonly userExtId: string;
  /** Undefined if the line has no members of the user. */
  readonly user: { readonly isTechnicalUser?: boolean | undefined } | undefined;
  /** Undefined if it has none of a certificate. */
  readonly certificate:
    | {
        readonly extId: string | undefined;
        readonly sha256: Buffer | undefined;
        readonly policyExtId: string | undefined;
        readonly stateName: StateName | undefined;
      }
    | undefined;
}

export interface StoredUser {
  readonly isTechnicalUser: boolean;
}

/** Found by the extId of the line, or by its certificate if it has no extId. */
export interface StoredCertificate {
  readonly extId: string;
  readonly userExtId: string;
  readonly policyExtId: string;
  readonly sha256: Buffer;
  readonly stateName: StateName;
  readonly reason: StateChangeReason;
}

export type LinePlan =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] }
  | {
      readonly kind: 'planned';
      /** U1 or U3. */
      readonly user: 'create' | 'change' | 'none';
      /** X2 or X4. */
      readonly certificate: 'create' | 'none' | { readonly changed: string; readonly stateName: StateName | undefined };
    };

/** The reasons with which the server itself disables. */
const BY_SERVER: ReadonlySet<StateChangeReason> = new Set(['policy-check-failed', 'cert-revoked', 'renewal']);

/**
 * Which single changes a line stands for. Whether they change anything, and whether they are allowed, is decided by the
 * rules of these changes.
 */
export function planLine(
  line: PlannedLine,
  user: StoredUser | undefined,
  certificate: StoredCertificate | undefined,
): LinePlan {
  const errors = [...userErrors(line, user), ...certificateErrors(line, certificate)];
  const [first, ...rest] = errors;
  if (first !== undefined) return { kind: 'refused', errors: [first, ...rest] };
  return { kind: 'planned', user: userPlan(line, user), certificate: certificatePlan(line, certificate) };
}

function userPlan({ user: sent }: PlannedLine, stored: StoredUser | undefined): 'create' | 'change' | 'none' {
  if (sent === undefined) return 'none';
  return stored === undefined ? 'create' : 'change';
}

/** A line that says nothing of the user makes none: its userExtId may be misspelt. */
function userErrors({ user: sent }: PlannedLine, stored: StoredUser | undefined): readonly ErrorDetail[] {
  if (stored === undefined) {
    if (sent !== undefined) return [];
    return [
      refusal('errors.noRecord', 'userExtId', 'There is no such user, and the line has no members of a new one.'),
    ];
  }
  const { isTechnicalUser } = sent ?? {};
  if (isTechnicalUser === undefined || isTechnicalUser === stored.isTechnicalUser) return [];
  return [refusal('errors.invalidData', 'isTechnicalUser', 'isTechnicalUser cannot be changed.')];
}

function certificatePlan({ certificate: sent }: PlannedLine, stored: StoredCertificate | undefined) {
  if (sent === undefined) return 'none';
  if (stored === undefined) return 'create';
  if (isAsArchived(sent, stored)) return 'none';
  const isKept = !isReplaced(sent, stored) && stored.stateName === 'disabled' && BY_SERVER.has(stored.reason);
  // A second run of the same file must not enable what the server has disabled in the first.
  return { changed: stored.extId, stateName: isKept ? undefined : sent.stateName } as const;
}

type Sent = NonNullable<PlannedLine['certificate']>;

function isReplaced({ sha256 }: Sent, stored: StoredCertificate): boolean {
  return sha256 !== undefined && !sha256.equals(stored.sha256);
}

/** An archived certificate cannot be changed, and a line that says that it is archived does not try to. */
function isAsArchived(sent: Sent, stored: StoredCertificate): boolean {
  return stored.stateName === 'archived' && sent.stateName === 'archived' && !isReplaced(sent, stored);
}

function certificateErrors(
  { userExtId, certificate: sent }: PlannedLine,
  stored: StoredCertificate | undefined,
): readonly ErrorDetail[] {
  if (sent === undefined) return [];
  if (stored === undefined) {
    if (sent.sha256 !== undefined) return [];
    return [
      refusal('errors.noRecord', 'certificateExtId', 'There is no such certificate, and the line has no new one.'),
    ];
  }
  // Whose it is, is not said (contract 6.5).
  if (stored.userExtId !== userExtId) {
    if (sent.extId !== undefined) return [refusal('errors.duplicateValue', 'certificateExtId', 'This extId is taken.')];
    return [refusal('errors.certificateExists', 'certificate', 'This certificate is already registered.')];
  }
  const errors: ErrorDetail[] = [];
  if (sent.policyExtId !== undefined && sent.policyExtId !== stored.policyExtId) {
    const message = 'An import does not move a certificate to another policy.';
    errors.push(refusal('errors.invalidData', 'policyExtId', message));
  }
  if (sent.stateName === 'archived' && stored.stateName !== 'archived') {
    const message = `The state may not be changed from ${stored.stateName} to archived.`;
    errors.push(refusal('errors.stateTransitionDenied', 'stateName', message));
  }
  return errors;
}

function refusal(code: ErrorDetail['code'], field: string, message: string): ErrorDetail {
  return { code, message, field };
}
