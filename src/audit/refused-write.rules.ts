import { type Actor, holds, reaches } from '../common/actor.js';
import type { ErrorCode } from '../common/errors.js';
import type { AuditEvent, AuditKind } from './audit-event.model.js';

/** The members of a refused request that are used here; `common/refusal-recorder.ts` describes its members. */
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

/** By the path segment that precedes the id. */
const KINDS: ReadonlyMap<string, AuditKind> = new Map([
  ['users', 'user'],
  ['policies', 'policy'],
  ['certificates', 'certificate'],
]);

/** In the paths of an account, which is a client, a certificate is a key store. */
const KEY_STORE_PARAMETER = 'certificateId';

/**
 * The audit event of a refusal. Undefined if the request was not a write, or the client is outside the caller's data
 * room. A refused creation is an event of the parent resource, since the new resource has no id yet.
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
