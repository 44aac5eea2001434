import type { Caller } from '../common/actor.js';
import type { JobCaller } from './job.model.js';

/** What a job keeps of the caller who makes it. */
export function jobCallerOf({ actor, address, requestId }: Caller): JobCaller {
  return {
    actor: actor.userExtId,
    actorClient: actor.clientExtId,
    permissions: [...actor.permissions],
    dataRoom: actor.dataRoom === 'all' ? 'all' : [...actor.dataRoom],
    address: address ?? null,
    requestId,
  };
}

/** The caller of each of its rows. A job is never made for somebody's own record. */
export function callerOf(job: JobCaller, now: Date): Caller {
  return {
    actor: {
      userExtId: job.actor,
      clientExtId: job.actorClient,
      permissions: new Set(job.permissions),
      dataRoom: job.dataRoom === 'all' ? 'all' : new Set(job.dataRoom),
    },
    mode: 'administrator',
    xToken: undefined,
    now,
    requestId: job.requestId,
    address: job.address ?? undefined,
  };
}
