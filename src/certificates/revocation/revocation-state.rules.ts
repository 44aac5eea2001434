import { formatInstant } from '../../common/instant.js';
import { type CredentialState, type StoredState, stateAt } from '../../credentials/credential-state.rules.js';
import type { RememberedRevocation } from '../../credentials/remembered-revocation.model.js';
import type { RevocationReason } from '../../x509/revocation/crl-entry.js';
import { setterReplacedByPolicy } from '../certificate-upload.rules.js';
import type { CertificateStatus, PathStatus } from '../evaluation/certificate-status.model.js';

export interface CheckedState extends CredentialState {
  readonly revocation: RememberedRevocation | null;
}

interface RevocationQuestion {
  readonly credential: CheckedState;
  readonly path: PathStatus;
  /** Of the policy: under `hard`, an unknown status does not enable either. */
  readonly mode: 'soft' | 'hard';
  readonly now: Date;
}

/** `confirmed`: newer evidence for what is known already, which changes no member that callers see. */
export type RevocationDecision =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'confirmed'; readonly revocation: RememberedRevocation }
  | { readonly kind: 'disabled' | 'enabled'; readonly next: CheckedState };

const UNCHANGED: RevocationDecision = { kind: 'unchanged' };

/** What the statuses of its path mean for the state of a stored certificate (contract 13.4). */
export function decideRevocation({ credential, path, mode, now }: RevocationQuestion): RevocationDecision {
  const current = stateAt(credential, now);
  const remembered = rememberedBy(current);
  if (path.kind === 'revoked') {
    const found = decisive(path.certificates);
    if (found === undefined) return UNCHANGED;
    const detail = revokedText(found, path.certificates);
    return remembered === undefined ? disable(current, found, detail) : confirm(current, remembered, found, detail);
  }
  return path.kind === 'accepted' && remembered !== undefined && isLifted(remembered, path.certificates, mode)
    ? enable(current, remembered, path.certificates)
    : UNCHANGED;
}

interface FoundRevocation extends CertificateStatus {
  readonly evidence: NonNullable<CertificateStatus['evidence']>;
  readonly reason: RevocationReason;
}

/** Nothing lifts a revocation for another reason than a hold, so that one counts first. */
function decisive(certificates: readonly CertificateStatus[]): FoundRevocation | undefined {
  const revoked = certificates.filter(
    (each): each is FoundRevocation =>
      each.status === 'revoked' && each.evidence !== undefined && each.reason !== undefined,
  );
  return revoked.find(({ reason }) => !isHold(reason)) ?? revoked[0];
}

/** Undefined where the background check has not disabled it, or a person or a policy violation has since. */
function rememberedBy({ state, reason, stateSetBy, revocation }: CheckedState): RememberedRevocation | undefined {
  const byPolicy = stateSetBy === 'policy' || stateSetBy === 'policyOverResetCode';
  return state === 'disabled' && reason === 'cert-revoked' && byPolicy ? (revocation ?? undefined) : undefined;
}

/** A lock stays, and the state beneath it becomes disabled. What is disabled already stays as it is. */
function disable(current: CheckedState, found: FoundRevocation, detail: string): RevocationDecision {
  const { state, stateSetBy } = current;
  if (!CAN_BE_DISABLED.has(state)) return UNCHANGED;
  return {
    kind: 'disabled',
    next: {
      ...current,
      state: 'disabled',
      stateSetBy: setterReplacedByPolicy('administrator', state),
      reason: 'cert-revoked',
      detail,
      revocation: remember(found, { state, stateSetBy }),
    },
  };
}

const CAN_BE_DISABLED: ReadonlySet<StoredState> = new Set(['initial', 'active', 'reset-code', 'admin-changed']);

/** A hold may become final, never the reverse. */
function confirm(
  current: CheckedState,
  remembered: RememberedRevocation,
  found: FoundRevocation,
  detail: string,
): RevocationDecision {
  if (!isHold(remembered.reason)) return UNCHANGED;
  const revocation = remember(found, remembered.before);
  if (!isHold(found.reason)) return { kind: 'disabled', next: { ...current, detail, revocation } };
  const isNews = found.sha256 !== remembered.certificate || isNewer(found, remembered);
  return isNews ? { kind: 'confirmed', revocation } : UNCHANGED;
}

function remember(
  { sha256, reason, evidence }: FoundRevocation,
  before: RememberedRevocation['before'],
): RememberedRevocation {
  return { certificate: sha256, reason, thisUpdate: evidence.thisUpdate.toISOString(), before };
}

function isLifted(
  remembered: RememberedRevocation,
  certificates: readonly CertificateStatus[],
  mode: RevocationQuestion['mode'],
): boolean {
  if (!isHold(remembered.reason)) return false;
  if (mode === 'hard' && certificates.some(({ status }) => status !== 'good')) return false;
  return heldOf(remembered, certificates) !== undefined;
}

/** The certificate that was on hold, where newer evidence says that it is good. */
function heldOf(remembered: RememberedRevocation, certificates: readonly CertificateStatus[]) {
  const held = certificates.find(({ sha256 }) => sha256 === remembered.certificate);
  return held?.status === 'good' && isNewer(held, remembered) ? held : undefined;
}

function isNewer({ evidence }: CertificateStatus, { thisUpdate }: RememberedRevocation): boolean {
  return evidence !== undefined && evidence.thisUpdate.getTime() > Date.parse(thisUpdate);
}

/** A lock stays; what was set before the hold is in effect again. */
function enable(
  current: CheckedState,
  remembered: RememberedRevocation,
  certificates: readonly CertificateStatus[],
): RevocationDecision {
  const detail = `No longer on hold${sourceText(heldOf(remembered, certificates))}.`;
  const { before } = remembered;
  return { kind: 'enabled', next: { ...current, ...before, reason: 'changed-by-batchjob', detail, revocation: null } };
}

function isHold(reason: RevocationReason): boolean {
  return reason === 'certificateHold';
}

/** Nothing in it comes from a certificate: times, names of reasons and digests. */
function revokedText(found: FoundRevocation, [leaf]: readonly CertificateStatus[]): string {
  const { reason, revocationDate, sha256 } = found;
  const what = sha256 === leaf?.sha256 ? 'Revoked' : `CA certificate ${sha256.slice(0, 16)}… revoked`;
  const since = revocationDate === undefined ? '' : ` since ${formatInstant(revocationDate)}`;
  return `${what} (${reason})${since}${sourceText(found)}.`;
}

function sourceText(status: CertificateStatus | undefined): string {
  const evidence = status?.evidence;
  if (evidence === undefined) return '';
  return `, according to the ${evidence.kind} of ${formatInstant(evidence.thisUpdate)}, SHA-256 ${evidence.sha256}`;
}
