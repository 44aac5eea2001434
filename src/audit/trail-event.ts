import type { Caller } from '../common/actor.js';
import type { ErrorCode } from '../common/errors.js';
import { uuidV7 } from '../common/uuid-v7.js';

export const TRAIL_KINDS = ['client', 'user', 'policy', 'certificate', 'password', 'keyStore'] as const;
export type TrailKind = (typeof TRAIL_KINDS)[number];

export const TRAIL_ACTIONS = [
  'created',
  'changed',
  'archived',
  'deleted',
  'loggedIn',
  'loginFailed',
  'refused',
] as const;
type TrailAction = (typeof TRAIL_ACTIONS)[number];

/** What happened to which resource; who did it and when stands beside it (contract 10.1, 10.3). */
export interface TrailEvent {
  readonly action: TrailAction;
  readonly kind: TrailKind;
  readonly extId: string;
  readonly userExtId?: string | undefined;
  /** The life of the resource that this belongs to: an extId used again begins another. */
  readonly incarnation?: string | undefined;
  /** Contract members that are different now. */
  readonly changed?: readonly string[] | undefined;
  /** The resource as it now is, without its certificate, version and times, which have columns. */
  readonly after?: object | undefined;
  readonly sha256?: Buffer | undefined;
  /** Only where the certificate is another one than in the version before. */
  readonly der?: Buffer | undefined;
  readonly reason?: string | undefined;
  readonly comment?: string | null | undefined;
  /** The error code of a refusal. */
  readonly code?: ErrorCode | undefined;
}

/** Written with every line; `at` and `version` are the changed row's own. */
const COLUMNS = [
  'id uuid',
  'actor text',
  'actor_client text',
  'action text',
  'code text',
  'kind text',
  'ext_id text',
  'user_ext_id text',
  'incarnation uuid',
  'changed text[]',
  'after jsonb',
  'sha256 bytea',
  'der bytea',
  'reason text',
  'comment text',
  'request_id text',
] as const;

/**
 * The insert that appends to the trail, as part of a statement whose $1 is the client: `source` is a row with the
 * columns `version` and `at`, and the values of `trailValues` begin at $`first`.
 */
export function insertIntoTrail(source: string, first: number): string {
  const names = COLUMNS.map((column) => column.split(' ')[0]).join(', ');
  const parameters = COLUMNS.map((column, index) => `$${first + index}::${column.split(' ')[1]}`).join(', ');
  return `insert into trail (client_ext_id, at, version, ${names})
    select $1, source.at, source.version, ${parameters} from ${source} as source`;
}

/** In the order of the columns above. */
export function trailValues(
  caller: Pick<Caller, 'actor' | 'now' | 'requestId'>,
  event: TrailEvent,
): readonly unknown[] {
  return [
    uuidV7(caller.now),
    caller.actor.userExtId,
    caller.actor.clientExtId,
    event.action,
    event.code ?? null,
    event.kind,
    event.extId,
    event.userExtId ?? null,
    event.incarnation ?? null,
    event.changed ?? null,
    event.after === undefined ? null : JSON.stringify(event.after),
    event.sha256 ?? null,
    event.der ?? null,
    event.reason ?? null,
    event.comment ?? null,
    caller.requestId,
  ];
}
