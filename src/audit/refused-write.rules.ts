import { type Actor, holds, reaches } from '../common/actor.js';
import type { ErrorCode } from '../common/errors.js';
import type { AuditedResource, AuditEvent } from './audit-event.model.js';

/** The members of a refused request that are used here; `common/refusal-recorder.ts` describes its members. */
export interface Refusal {
  readonly audited: AuditedResource;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly dryRun: boolean;
  readonly codes: readonly ErrorCode[];
  readonly actor: Actor;
}

export interface RefusedWrite {
  readonly clientExtId: string;
  readonly event: AuditEvent;
  /**
   * The user whose password the request was about. The path does not contain the id of the password, and without one
   * the event belongs to the user.
   */
  readonly passwordOf?: string | undefined;
}

/** Contract 10.1: 401 X-Token (an authenticated caller gets no other 401), 403 right, 409, 422 by policy. */
const RECORDED: ReadonlySet<ErrorCode> = new Set([
  'errors.unauthenticated',
  'errors.permissionDenied',
  'errors.optimisticLockingFailure',
  'errors.certificatePolicyViolated',
  'errors.pwdPolicyViolated',
  'errors.policyViolation',
]);

/** Undefined if the refusal is not recorded: for its code, for a dry run, or for a client outside the data room. */
export function refusedWrite({ audited, parameters, dryRun, codes, actor }: Refusal): RefusedWrite | undefined {
  const code = codes.find((one) => RECORDED.has(one));
  const { kind } = audited;
  const valueOf = (name: string | undefined) => (name === undefined ? undefined : parameters[name]);
  const clientExtId = valueOf(audited.parameters.client);
  const userExtId = valueOf(audited.parameters.user);
  const extId = valueOf(audited.parameters.extId);
  if (code === undefined || dryRun) return undefined;
  if (clientExtId === undefined || !mayReach(actor, clientExtId, userExtId)) return undefined;
  if (extId !== undefined) return { clientExtId, event: { action: 'refused', kind, extId, userExtId, code } };
  if (userExtId === undefined) return undefined;
  const event = { action: 'refused', kind: 'user', extId: userExtId, userExtId, code } as const;
  return { clientExtId, event, passwordOf: userExtId };
}

/** In the caller's data room, or a self-admin's own record. */
function mayReach(actor: Actor, clientExtId: string, userExtId: string | undefined): boolean {
  if (reaches(actor, clientExtId)) return true;
  return holds(actor, 'SelfAdmin') && actor.clientExtId === clientExtId && actor.userExtId === userExtId;
}
