import { octetsOf } from '../database/page-rows.js';
import { selection } from '../database/selection.js';

/** What leaves of a line of the trail. */
export interface TrailEventRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly actorClient: string;
  readonly action: string;
  readonly kind: string;
  readonly extId: string;
  readonly userExtId: string | null;
  readonly version: number | null;
  readonly changed: readonly string[] | null;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly code: string | null;
  readonly requestId: string;
}

/** Of the table `t`, under the names of `TrailEventRow`. */
export const TRAIL_EVENT = selection('t', [
  'id',
  'at',
  'actor',
  'actor_client',
  'action',
  'kind',
  'ext_id',
  'user_ext_id',
  'version',
  'changed',
  'reason',
  'comment',
  'code',
  'request_id',
]);

/** Of a line of the trail in a page. */
export const TRAIL_OCTETS = octetsOf('t', { plain: ['actor', 'comment'], composite: ['changed'] });
