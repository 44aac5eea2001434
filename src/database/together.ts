import { setImmediate } from 'node:timers/promises';

import type { QueryResultRow } from 'pg';

import type { Statement, StatementRunner, Transactions } from './database.js';

/** Of work after which whatever else waits is served. */
const MAX_UNINTERRUPTED_MS = 1;

/** All such work of the process takes turns, so that requests wait for one piece of it, however much there is. */
let lastTurn: Promise<unknown> = Promise.resolve();

/** More than there are awaits between two statements. */
const MAX_CONTINUATIONS = 100;

interface Asked {
  readonly member: Member;
  readonly statement: Statement;
  readonly values: readonly unknown[];
  readonly answer: PromiseWithResolvers<QueryResultRow[]>;
}

/** Of the work of one item; whether it has sent anything but reads. */
export type Ending<Result> = PromiseSettledResult<Result> & { readonly hasWritten: boolean };

/**
 * Runs the same work for many items at once, on one connection. Statements for which the items wait at the same time are sent
 * together: reads of one kind as one statement, and all others one behind the other.
 *
 * @throws the first error of a statement, after all work has ended; nothing is sent after it
 */
export async function runTogether<Item, Result>(
  database: StatementRunner,
  items: readonly Item[],
  work: (item: Item, runner: Member) => Promise<Result>,
): Promise<readonly Ending<Result>[]> {
  return await new Together(database).run(items, work);
}

/** The part of one item. A transaction that its work opens is the one that is open. */
export class Member implements StatementRunner, Transactions {
  hasWritten = false;
  private waits = 0;
  private hasEnded = false;

  constructor(
    private readonly ask: (asked: Asked) => void,
    private readonly onChange: () => void,
  ) {}

  get isWorking(): boolean {
    return this.waits === 0 && !this.hasEnded;
  }

  async run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.hasWritten ||= statement.ofMany === undefined;
    const answer = Promise.withResolvers<QueryResultRow[]>();
    this.waits += 1;
    this.ask({ member: this, statement, values, answer });
    this.onChange();
    return (await answer.promise) as Row[];
  }

  async transaction<Result>(_: string, work: (runner: StatementRunner) => Promise<Result>): Promise<Result> {
    return await work(this);
  }

  answered(): void {
    this.waits -= 1;
  }

  ended(): void {
    this.hasEnded = true;
    this.onChange();
  }
}

class Together {
  private readonly members: Member[] = [];
  private asked: Asked[] = [];
  private failure: { readonly error: unknown } | undefined;
  private changed = Promise.withResolvers<void>();
  private uninterruptedSince = performance.now();

  constructor(private readonly database: StatementRunner) {}

  async run<Item, Result>(
    items: readonly Item[],
    work: (item: Item, runner: Member) => Promise<Result>,
  ): Promise<readonly Ending<Result>[]> {
    const endings: Promise<Ending<Result>>[] = [];
    for (const item of items) {
      const member = new Member(
        (asked) => this.asked.push(asked),
        () => this.changed.resolve(),
      );
      this.members.push(member);
      endings.push(endingOf(member, work(item, member)));
      await this.proceed(member);
    }
    for (await this.allWait(); this.asked.length > 0; await this.allWait()) await this.answer(this.asked.splice(0));
    if (this.failure !== undefined) throw this.failure.error;
    return await Promise.all(endings);
  }

  /** For an answer, or no longer. */
  private async allWait(): Promise<void> {
    while (this.members.some((member) => member.isWorking)) {
      await this.changed.promise;
      this.changed = Promise.withResolvers();
    }
  }

  private async answer(asked: readonly Asked[]): Promise<void> {
    const kinds = Map.groupBy(asked, ({ statement }) => statement);
    const answers = await Promise.all([...kinds].map(async ([statement, all]) => await this.read(statement, all)));
    this.uninterruptedSince = performance.now();
    for (const { one, rows } of answers.flat()) {
      one.member.answered();
      if (rows === undefined) one.answer.reject(this.failure?.error);
      else one.answer.resolve(rows);
      await this.proceed(one.member);
    }
  }

  private async read(statement: Statement, asked: readonly Asked[]) {
    const { ofMany } = statement;
    if (ofMany === undefined || asked.length === 1) {
      return await Promise.all(
        asked.map(async (one) => ({ one, rows: await this.send<QueryResultRow>(statement, one.values) })),
      );
    }
    const rows = await this.send<QueryResultRow & { readonly of: string }>(ofMany, ofMany.values(asked));
    const answers = asked.map((one): { one: Asked; rows: QueryResultRow[] | undefined } => {
      return { one, rows: rows && [] };
    });
    for (const { of, ...row } of rows ?? []) answers[Number(of) - 1]?.rows?.push(row);
    return answers;
  }

  /** Undefined after an error. */
  private async send<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[] | undefined> {
    if (this.failure !== undefined) return undefined;
    try {
      return await this.database.run<Row>(statement, values);
    } catch (error) {
      // PostgreSQL answers in the order of the statements, so that the first error is the cause of all others.
      this.failure ??= { error };
      return undefined;
    }
  }

  /** Lets a member work on until it waits, and then, if that took long, whatever else there is. */
  private async proceed(member: Member): Promise<void> {
    for (let count = 0; member.isWorking && count < MAX_CONTINUATIONS; count += 1) await Promise.resolve();
    if (performance.now() - this.uninterruptedSince < MAX_UNINTERRUPTED_MS) return;
    lastTurn = lastTurn.then(async () => await setImmediate());
    await lastTurn;
    this.uninterruptedSince = performance.now();
  }
}

async function endingOf<Result>(member: Member, work: Promise<Result>): Promise<Ending<Result>> {
  const [ending] = await Promise.allSettled([work]);
  member.ended();
  return { ...ending, hasWritten: member.hasWritten };
}
