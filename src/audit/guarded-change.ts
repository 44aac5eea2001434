import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { AppError, appError, type ErrorDetail, noRecord, throwAll } from '../common/errors.js';
import { Database, type StatementRunner } from '../database/database.js';
import { lockInOrder, type Locks } from '../database/locks.js';
import { withEveryTaken } from '../database/taken.js';
import type { ExpectedVersion } from '../http/expected-version.js';
import { VersionCheck, type VersionedRow } from './version-check.js';

/** What `decide` says. `evidenceMissing`: what was gathered does not suffice for the row as it now is. */
type Decision<Plan extends Changed> =
  | { readonly kind: 'refused'; readonly errors: readonly [ErrorDetail, ...ErrorDetail[]] }
  | Unchanged
  | { readonly kind: 'evidenceMissing' }
  | Plan;

interface Unchanged {
  readonly kind: 'unchanged';
}

export interface Changed {
  readonly kind: 'changed';
}

/** What a service says of its change; everything else of it is the same for all (`GuardedChanges`). */
export interface GuardedChange<Row extends object, Plan extends Changed, Result, Evidence = undefined> {
  readonly caller: Caller;
  readonly clientExtId: string;
  /** Undefined where the request needs no version and has sent none, and of a creation, decided by other rows. */
  readonly expected: Row extends VersionedRow ? ExpectedVersion | undefined : undefined;
  readonly dryRun?: boolean;
  /** What a second attempt locks, in the order of `database/locks.ts`, besides what `read` locks. */
  readonly locks: Locks;
  /**
   * Whether several rows have to be written, so that the first attempt to write locks already. 'always' where nothing is
   * to be gathered either: then it is not even read before.
   */
  readonly lockFirst?: 'always' | ((row: Row, plan: Plan) => boolean);
  /**
   * Everything that decides, in one round trip, undefined where there is no such record; with `locked` nobody else may
   * change it until the transaction ends. Throws what is refused before the version is looked at.
   */
  readonly read: (runner: StatementRunner, locked: boolean) => Promise<Row | undefined>;
  /** What `decide` needs from elsewhere. Never called inside a transaction. */
  readonly gather?: (row: Row) => Promise<Evidence>;
  /** Pure. */
  readonly decide: (row: Row, evidence: Evidence | undefined) => Decision<Plan>;
  /** One statement with its audit event; undefined where what was read no longer stands. */
  readonly write: (runner: StatementRunner, row: Row, plan: Plan) => Promise<Result | undefined>;
  /** What besides would be refused by the database (`database/taken.ts`). */
  readonly findTaken?: () => Promise<readonly ErrorDetail[]>;
}

export type Outcome<Row, Plan, Result> =
  | { readonly kind: 'unchanged'; readonly row: Row }
  | { readonly kind: 'dryRun'; readonly row: Row; readonly plan: Plan }
  | { readonly kind: 'written'; readonly result: Result };

type Decided<Row, Plan> = { readonly row: Row; readonly decision: Unchanged | Plan };

/**
 * The one way in which something that has a version is changed: read, gather, decide, and write on the condition that
 * what was read still stands; two statements where nobody else writes. Whoever loses that race locks, reads and decides
 * again, and cannot lose (contract 3.1 to 3.6).
 */
@Injectable()
export class GuardedChanges {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
  ) {}

  async apply<Row extends object, Plan extends Changed, Result, Evidence = undefined>(
    change: GuardedChange<Row, Plan, Result, Evidence>,
  ): Promise<Outcome<Row, Plan, Result>> {
    const attempts = new Attempts(this.database, this.versions, change);
    const { findTaken } = change;
    if (findTaken === undefined) return await attempts.run();
    return await withEveryTaken(async () => await attempts.run(), findTaken);
  }
}

class Attempts<Row extends object, Plan extends Changed, Result, Evidence> {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionCheck,
    private readonly change: GuardedChange<Row, Plan, Result, Evidence>,
  ) {}

  async run(): Promise<Outcome<Row, Plan, Result>> {
    const { dryRun = false, lockFirst, gather, write, findTaken } = this.change;
    if (lockFirst === 'always' && !dryRun && gather === undefined) return await this.runLocked(undefined);
    const read = await this.read(this.database, false);
    const evidence = await gather?.(read);
    const decided = this.decide(read, evidence);
    if (decided === undefined) throw evidenceUnavailable();
    const { row, decision } = decided;
    if (decision.kind === 'unchanged') return { kind: 'unchanged', row };
    if (dryRun) {
      throwAll((await findTaken?.()) ?? []);
      return { kind: 'dryRun', row, plan: decision };
    }
    const locksFirst = lockFirst === 'always' || lockFirst?.(row, decision) === true;
    const result = locksFirst ? undefined : await write(this.database, row, decision);
    return result === undefined ? await this.runLocked(evidence) : { kind: 'written', result };
  }

  /** What is missing inside the transaction is gathered outside of it, once: a source may take long, or answer never. */
  private async runLocked(gathered: Evidence | undefined): Promise<Outcome<Row, Plan, Result>> {
    const outcome = await this.writeLocked(gathered);
    if (outcome !== undefined) return outcome;
    const anew = await this.change.gather?.(await this.read(this.database, false));
    const second = await this.writeLocked(anew);
    if (second === undefined) throw evidenceUnavailable();
    return second;
  }

  /** Undefined where evidence is missing. */
  private async writeLocked(evidence: Evidence | undefined): Promise<Outcome<Row, Plan, Result> | undefined> {
    const { clientExtId, locks, write } = this.change;
    return await this.database.transaction(clientExtId, async (runner) => {
      await lockInOrder(runner, locks);
      const decided = this.decide(await this.read(runner, true), evidence);
      if (decided === undefined) return undefined;
      const { row, decision } = decided;
      if (decision.kind === 'unchanged') return { kind: 'unchanged', row };
      const result = await write(runner, row, decision);
      if (result === undefined) throw new Error('What was locked was changed by somebody else.');
      return { kind: 'written', result };
    });
  }

  private async read(runner: StatementRunner, locked: boolean): Promise<Row> {
    const { caller, clientExtId, read } = this.change;
    const expected: ExpectedVersion | undefined = this.change.expected;
    const row = await read(runner, locked);
    if (row === undefined) throw noRecord();
    if (expected === undefined) return row;
    if (!isVersioned(row)) throw new Error('A version is expected of a row that has none.');
    await this.versions.check(caller, clientExtId, row, expected, runner);
    return row;
  }

  /** Undefined where evidence is missing. */
  private decide(row: Row, evidence: Evidence | undefined): Decided<Row, Plan> | undefined {
    const decision = this.change.decide(row, evidence);
    if (decision.kind === 'refused') throw new AppError(decision.errors);
    return decision.kind === 'evidenceMissing' ? undefined : { row, decision };
  }
}

function isVersioned(row: object): row is VersionedRow {
  return 'version' in row && 'generation' in row;
}

function evidenceUnavailable(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'What the change is decided by could not be read. Try again.' },
    { retryAfterSeconds: 5 },
  );
}
