import { PassEvidence } from './pass-evidence.js';

/** A client is checked as soon as its evidence, its policies or their sets have changed, and otherwise once in this time. */
const HOUR_MS = 3_600_000;

/** Between two passes over a client, however often its evidence changes; at least half as long as the first one took. */
const MIN_PAUSE_MS = 15_000;

/** After a batch that could not be checked. */
const RETRY_MS = 30_000;

/** After a batch that has ended the thread, so that it costs the other clients little. */
const HARMFUL_MS = 600_000;

/** One pass over the certificates of a client, in the order of their ids. */
export interface ClientPass {
  readonly clientExtId: string;
  readonly mark: string;
  readonly evidence: PassEvidence;
  readonly counts: { checked: number; disabled: number; enabled: number };
  /** The last one that has been checked; '' at the beginning. */
  after: string;
  /** The last one of the batch that is being checked; undefined if there is none. */
  upcoming: string | undefined;
  /** How long its batches took, without what came between them. */
  milliseconds: number;
  /** The count of checked certificates in the last line of the log. */
  loggedAt: number;
}

interface CheckedClient {
  readonly knownSince: Date;
  mark: string;
  pass: ClientPass | undefined;
  last: { readonly mark: string; readonly endedAt: Date; readonly milliseconds: number } | undefined;
  notBefore: Date | undefined;
}

/** Which clients are to be checked, and how far each check has come. In memory: a new leader checks every client. */
export class CheckedClients {
  /** Of those with a pass, the one that waits longest comes first. */
  private readonly clients = new Map<string, CheckedClient>();
  private lastMilliseconds: number | undefined;

  get lastPassSeconds(): number | undefined {
    return this.lastMilliseconds === undefined ? undefined : this.lastMilliseconds / 1000;
  }

  oldestSeconds(now: Date): number | undefined {
    const ages = [...this.clients.values()].map(
      ({ last, knownSince }) => now.getTime() - (last?.endedAt ?? knownSince).getTime(),
    );
    return ages.length === 0 ? undefined : Math.max(0, ...ages) / 1000;
  }

  clear(): void {
    this.clients.clear();
  }

  /** `found`: the clients with a policy that asks about revocation. */
  update(found: readonly { readonly clientExtId: string; readonly mark: string }[], now: Date): void {
    const marks = new Map(found.map(({ clientExtId, mark }) => [clientExtId, mark]));
    for (const clientExtId of this.clients.keys()) if (!marks.has(clientExtId)) this.clients.delete(clientExtId);
    for (const [clientExtId, mark] of marks) {
      const client = this.clients.get(clientExtId);
      if (client === undefined) this.clients.set(clientExtId, newClient(mark, now));
      else client.mark = mark;
    }
  }

  /** The pass of which a batch is to be checked now; undefined if no client is due. */
  next(now: Date): ClientPass | undefined {
    for (const [clientExtId, client] of this.clients) {
      if (!isDue(client, now)) continue;
      client.pass ??= newPass(clientExtId, client.mark);
      // It comes last in the next round.
      this.clients.delete(clientExtId);
      this.clients.set(clientExtId, client);
      return client.pass;
    }
    return undefined;
  }

  /** The batch has been checked. True if it was the last one. */
  advance(pass: ClientPass, now: Date): boolean {
    const client = this.clients.get(pass.clientExtId);
    if (pass.upcoming !== undefined) {
      pass.after = pass.upcoming;
      pass.upcoming = undefined;
      return false;
    }
    const { milliseconds } = pass;
    this.lastMilliseconds = milliseconds;
    if (client !== undefined) {
      client.pass = undefined;
      client.last = { mark: pass.mark, endedAt: now, milliseconds };
    }
    return true;
  }

  putOff(pass: ClientPass, { isHarmful, now }: { readonly isHarmful: boolean; readonly now: Date }): void {
    const client = this.clients.get(pass.clientExtId);
    if (client !== undefined) client.notBefore = new Date(now.getTime() + (isHarmful ? HARMFUL_MS : RETRY_MS));
    if (isHarmful) this.advance(pass, now);
  }
}

function newClient(mark: string, now: Date): CheckedClient {
  return { knownSince: now, mark, pass: undefined, last: undefined, notBefore: undefined };
}

function newPass(clientExtId: string, mark: string): ClientPass {
  return {
    clientExtId,
    mark,
    evidence: new PassEvidence(),
    counts: { checked: 0, disabled: 0, enabled: 0 },
    after: '',
    upcoming: undefined,
    milliseconds: 0,
    loggedAt: 0,
  };
}

function isDue({ mark, pass, last, notBefore }: CheckedClient, now: Date): boolean {
  if (notBefore !== undefined && now < notBefore) return false;
  if (pass !== undefined || last === undefined) return true;
  const since = now.getTime() - last.endedAt.getTime();
  if (mark === last.mark) return since >= HOUR_MS;
  return since >= Math.max(MIN_PAUSE_MS, last.milliseconds / 2);
}
