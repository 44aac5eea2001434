import { Inject, Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { AppError, appError, type ErrorDetail, noRecord, throwAll } from '../common/errors.js';
import type { ExpectedVersion } from '../common/expected-version.js';
import { Database, type StatementRunner, type Transactions } from '../database/database.js';
import { lockInOrder, type Locks } from '../database/locks.js';
import { type FindTaken, withAllTakenValues } from '../database/taken.js';
import { VersionCheck, type VersionedRow } from './version-check.js';

/** The result of `decide`. `evidenceMissing`: the gathered evidence is not sufficient for the current row. */
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

/** What is specific to the change of a service; `GuardedChanges` does everything that all changes have in common. */
export interface GuardedChange<Row extends object, Plan extends Changed, Result, Evidence = undefined> {
  readonly caller: Caller;
  readonly clientExtId: string;
  /** Undefined if the request neither needs nor sent a version, and for a creation, which depends on other rows. */
  readonly expected: Row extends VersionedRow ? ExpectedVersion | undefined : undefined;
  readonly dryRun?: boolean;
  /** What a second attempt locks in addition to what `read` locks, in the order of `database/locks.ts`. */
  readonly locks: Locks;
  /**
   * Whether the first attempt to write already takes the locks, because several rows have to be written. With 'always',
   * and if there is nothing to gather, the unlocked read is skipped as well.
   */
  readonly lockFirst?: 'always' | ((row: Row, plan: Plan) => boolean);
  /**
   * Reads everything that the decision depends on, in one round trip; undefined if there is no such record. With
   * `locked`, nobody else can change it until the transaction ends. Throws what must be refused before the version is
   * checked.
   */
  readonly read: (runner: StatementRunner, locked: boolean) => Promise<Row | undefined>;
  /** Fetches what `decide` needs from other sources. Never called inside a transaction. */
  readonly gather?: (row: Row) => Promise<Evidence>;
  /** A pure function. */
  readonly decide: (row: Row, evidence: Evidence | undefined) => Decision<Plan>;
  /** One statement that also writes the audit event; undefined if the rows have changed since they were read. */
  readonly write: (runner: StatementRunner, row: Row, plan: Plan) => Promise<Result | undefined>;
  readonly findTaken?: FindTaken;
}

/** A creation that depends on no row that could change, so that there is nothing to read. */
export interface Creation {
  readonly clientExtId: string;
  /** Of the rules; nothing is stored if there are any. */
  readonly errors?: readonly ErrorDetail[];
  readonly findTaken: FindTaken;
  /** Needed if `store` is more than one statement. */
  readonly inTransaction?: boolean;
  /** Stores the new row with its audit event. */
  readonly store: (runner: StatementRunner) => Promise<unknown>;
}

export type Outcome<Row, Plan, Result> =
  | { readonly kind: 'unchanged'; readonly row: Row }
  | { readonly kind: 'dryRun'; readonly row: Row; readonly plan: Plan }
  | { readonly kind: 'written'; readonly result: Result };

type Decided<Row, Plan> = { readonly row: Row; readonly decision: Unchanged | Plan };

/**
 * The only way to change a versioned resource: read, gather, decide, and write on the condition that the rows have not
 * changed since. Without a concurrent change this takes two statements. If another change was faster, the rows are
 * locked, read and decided again, and then cannot change any more (contract 3.1 to 3.6).
 */
@Injectable()
export class GuardedChanges {
  /** `database`: the leader, for changes that only it may make. */
  constructor(
    @Inject(Database) private readonly database: StatementRunner & Transactions,
    private readonly versions: VersionCheck,
  ) {}

  async apply<Row extends object, Plan extends Changed, Result, Evidence = undefined>(
    change: GuardedChange<Row, Plan, Result, Evidence>,
  ): Promise<Outcome<Row, Plan, Result>> {
    const attempts = new Attempts(this.database, this.versions, change);
    const { findTaken } = change;
    if (findTaken === undefined) return await attempts.run();
    return await withAllTakenValues(this.database, async () => await attempts.run(), findTaken);
  }

  async create({ clientExtId, errors = [], findTaken, inTransaction = false, store }: Creation): Promise<void> {
    await withAllTakenValues(
      this.database,
      async () => {
        throwAll(errors);
        await (inTransaction ? this.database.transaction(clientExtId, store) : store(this.database));
      },
      findTaken,
    );
  }
}

class Attempts<Row extends object, Plan extends Changed, Result, Evidence> {
  constructor(
    private readonly database: StatementRunner & Transactions,
    private readonly versions: VersionCheck,
    private readonly change: GuardedChange<Row, Plan, Result, Evidence>,
  ) {}

  async run(): Promise<Outcome<Row, Plan, Result>> {
    const { dryRun = false, lockFirst, gather, write, findTaken } = this.change;
    if (lockFirst === 'always' && !dryRun && gather === undefined) return await this.runLocked(undefined);
    const first = await this.readAndDecide();
    // Without locks, a row that was changed while the evidence was gathered is read once more.
    const { decided, evidence } = first.decided === undefined && dryRun ? await this.readAndDecide() : first;
    if (decided === undefined) {
      if (dryRun || gather === undefined) throw evidenceUnavailable();
      return await this.runLocked(evidence);
    }
    const { row, decision } = decided;
    if (decision.kind === 'unchanged') return { kind: 'unchanged', row };
    if (dryRun) {
      throwAll((await findTaken?.(this.database)) ?? []);
      return { kind: 'dryRun', row, plan: decision };
    }
    const locksFirst = lockFirst === 'always' || lockFirst?.(row, decision) === true;
    const result = locksFirst ? undefined : await write(this.database, row, decision);
    return result === undefined ? await this.runLocked(evidence) : { kind: 'written', result };
  }

  private async readAndDecide() {
    const row = await this.read(this.database, false);
    const evidence = await this.change.gather?.(row);
    return { decided: this.decide(row, evidence), evidence };
  }

  /**
   * Evidence that is missing inside the transaction is gathered outside of it, once, because a source may be slow or
   * not respond.
   */
  private async runLocked(gathered: Evidence | undefined): Promise<Outcome<Row, Plan, Result>> {
    const outcome = await this.writeLocked(gathered);
    if (outcome !== undefined) return outcome;
    const regathered = await this.change.gather?.(await this.read(this.database, false));
    const second = await this.writeLocked(regathered);
    if (second === undefined) throw evidenceUnavailable();
    return second;
  }

  /** Undefined if evidence is missing. */
  private async writeLocked(evidence: Evidence | undefined): Promise<Outcome<Row, Plan, Result> | undefined> {
    const { clientExtId, locks, write } = this.change;
    return await this.database.transaction(clientExtId, async (runner) => {
      await lockInOrder(runner, locks);
      const decided = this.decide(await this.read(runner, true), evidence);
      if (decided === undefined) return undefined;
      const { row, decision } = decided;
      if (decision.kind === 'unchanged') return { kind: 'unchanged', row };
      const result = await write(runner, row, decision);
      if (result === undefined) throw new Error('A locked row was changed by another transaction.');
      return { kind: 'written', result };
    });
  }

  private async read(runner: StatementRunner, locked: boolean): Promise<Row> {
    const { caller, clientExtId, read } = this.change;
    const expected: ExpectedVersion | undefined = this.change.expected;
    const row = await read(runner, locked);
    if (row === undefined) throw noRecord();
    if (expected === undefined) return row;
    if (!isVersioned(row)) throw new Error('The row has no version to compare with the expected one.');
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

export function evidenceUnavailable(): AppError {
  return appError(
    { code: 'errors.unavailable', message: 'The data needed to decide on the change could not be read. Try again.' },
    { retryAfterSeconds: 5 },
  );
}
