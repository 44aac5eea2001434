import { type Actor, holds, reaches } from '../common/actor.js';
import type { ErrorCode } from '../common/errors.js';
import type { AuditEvent, AuditKind } from './audit-event.model.js';

/** What is asked of a refused request; `http/refusal-recorder.ts` describes its members. */
export interface Refusal {
  readonly method: string;
  readonly route: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly dryRun: boolean;
  readonly codes: readonly ErrorCode[];
  readonly actor: Actor;
}

export interface RefusedWrite {
  readonly clientExtId: string;
  readonly event: AuditEvent;
  /** Whose password it is about: the path does not name it by its id, and the event is at the user without one. */
  readonly passwordOf?: string | undefined;
}

/** Contract 10.1: 401 X-Token (a known caller has no other 401), 403 right, 409, 422 by policy. */
const RECORDED: ReadonlySet<ErrorCode> = new Set([
  'errors.unauthenticated',
  'errors.permissionDenied',
  'errors.optimisticLockingFailure',
  'errors.certificatePolicyViolated',
  'errors.pwdPolicyViolated',
  'errors.policyViolation',
]);

/** By the segment of a path that the id follows. */
const KINDS: ReadonlyMap<string, AuditKind> = new Map([
  ['users', 'user'],
  ['policies', 'policy'],
  ['certificates', 'certificate'],
]);

/** In the paths of an account, which is a client, a certificate is a key store. */
const KEY_STORE_PARAMETER = 'certificateId';

/**
 * The audit event of a refusal. Undefined where there is none: it was no write, or the caller cannot reach the client.
 * A refused creation is an event of the resource in which it was attempted, since what was to be created has no id.
 */
export function refusedWrite({ method, route, parameters, dryRun, codes, actor }: Refusal): RefusedWrite | undefined {
  const code = codes.find((one) => RECORDED.has(one));
  const { clientExtId = parameters['accountId'], userExtId } = parameters;
  if (code === undefined || dryRun || method === 'GET' || method === 'HEAD') return undefined;
  if (clientExtId === undefined || !mayReach(actor, clientExtId, userExtId)) return undefined;
  return {
    clientExtId,
    event: { action: 'refused', ...resourceOf(route, parameters, clientExtId), userExtId, code },
    ...(route.endsWith('/:userExtId/password') ? { passwordOf: userExtId } : {}),
  };
}

/** In the caller's data room, or a self-admin's own record. */
function mayReach(actor: Actor, clientExtId: string, userExtId: string | undefined): boolean {
  if (reaches(actor, clientExtId)) return true;
  return holds(actor, 'SelfAdmin') && actor.clientExtId === clientExtId && actor.userExtId === userExtId;
}

/** The innermost resource that the path names by its id. */
function resourceOf(
  route: string,
  parameters: Refusal['parameters'],
  clientExtId: string,
): Pick<AuditEvent, 'kind' | 'extId'> {
  const segments = route.split('/');
  for (let index = segments.length - 1; index > 0; index -= 1) {
    const [name = '', segment = ''] = segments.slice(index - 1, index + 1);
    const kind = KINDS.get(name);
    const parameter = segment.startsWith(':') ? segment.slice(1) : '';
    const extId = parameters[parameter];
    if (kind === undefined || extId === undefined) continue;
    return { kind: parameter === KEY_STORE_PARAMETER ? 'keyStore' : kind, extId };
  }
  return { kind: 'client', extId: clientExtId };
}
