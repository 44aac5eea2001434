import { afterAll, beforeAll, expect, test } from 'vitest';

import { identifier, instant, nullable } from '../src/database/column.js';
import { Database, type Statement, type StatementRunner } from '../src/database/database.js';
import { parameter, returns, sql } from '../src/database/sql.js';
import { statement } from '../src/database/statement.js';
import { runTogether } from '../src/database/together.js';
import { startApp, type TestApp } from './support/app.js';
import { Builders } from './support/builders.js';

const CLIENT = parameter('clientExtId', identifier());
const BEGINNING = parameter('beginning', nullable(identifier()));

const READ = statement(
  'test_read_users_of',
  sql`select ${returns<{ readonly extId: string; readonly created: Date }>('u.ext_id as "extId", u.created')} from users u
    where u.client_ext_id = ${CLIENT} and (u.ext_id like ${BEGINNING} || '%' or ${BEGINNING} is null)
      and u.created > ${parameter('after', instant())} order by u.ext_id desc limit 2`,
);

const RENAME = statement(
  'test_rename_user',
  sql`update users u set first_name = ${BEGINNING} where u.client_ext_id = ${CLIENT} and u.ext_id = ${BEGINNING}
    returning ${returns<{ readonly name: string }>('first_name as name')}`,
);

const FAIL = statement(
  'test_fail_on',
  sql`update users u set version = 1 / (length(u.ext_id) - 2)
    where u.client_ext_id = ${CLIENT} and u.ext_id = ${BEGINNING} returning 1`,
);

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  const builders = new Builders(app.dataSource);
  for (const client of ['100', '200']) await builders.client(client);
  for (const extId of ['a1', 'a2', 'a3', 'b1']) await builders.user('100', extId);
  await builders.user('200', 'a9');
});

afterAll(async () => await app.close());

/** Counts what is sent. */
class Counting implements StatementRunner {
  readonly sent: string[] = [];

  constructor(private readonly runner: StatementRunner) {}

  async run<Row extends object>(sent: Statement, values: readonly unknown[]): Promise<Row[]> {
    this.sent.push(sent.name === '' ? 'many' : sent.name);
    return await this.runner.run(sent, values);
  }
}

const after = new Date(0);
const database = () => new Counting(app.get(Database));
const idsOf = (rows: readonly { readonly extId: string }[]) => rows.map(({ extId }) => extId);
const valuesOf = (endings: readonly PromiseSettledResult<unknown>[]) =>
  endings.map((ending) => (ending.status === 'fulfilled' ? ending.value : ending.reason));

test('reads that wait at the same time are one statement, and each gets the rows that it would have got alone', async () => {
  const beginnings = ['a', 'b', 'none', null, 'a1'];
  const alone = await Promise.all(
    beginnings.map(async (beginning) => await READ.all(app.get(Database), { clientExtId: '100', beginning, after })),
  );
  const runner = database();
  const together = await runTogether(runner, beginnings, async (beginning, own) => {
    return await READ.all(own, { clientExtId: '100', beginning, after });
  });
  expect(valuesOf(together)).toEqual(alone);
  expect(alone.map(idsOf)).toEqual([['a3', 'a2'], ['b1'], [], ['b1', 'a3'], ['a1']]);
  expect(runner.sent).toEqual(['many']);
});

test('items that read different things, or not at all, do not wait for each other', async () => {
  const runner = database();
  const endings = await runTogether(runner, ['a1', '', 'b1', 'a2'], async (extId, own) => {
    if (extId === '') return 'nothing';
    const [found] = await READ.all(own, { clientExtId: '100', beginning: extId, after });
    if (extId === 'b1') throw new Error('refused');
    return (await RENAME.first(own, { clientExtId: '100', beginning: found?.extId ?? '' }))?.name;
  });
  expect(valuesOf(endings)).toEqual(['a1', 'nothing', new Error('refused'), 'a2']);
  expect(endings.map(({ hasWritten }) => hasWritten)).toEqual([true, false, false, true]);
  expect(runner.sent).toEqual(['many', 'test_rename_user', 'test_rename_user']);
});

test('after an error of a statement nothing is sent, all work ends, and the first error is thrown', async () => {
  const { sent } = await app.get(Database).transaction('100', async (runner) => {
    const counting = new Counting(runner);
    let ended = 0;
    const running = runTogether(counting, ['a1', 'a2', 'a3'], async (beginning, own) => {
      try {
        await (beginning === 'a2' ? FAIL : RENAME).first(own, { clientExtId: '100', beginning });
        await RENAME.first(own, { clientExtId: '100', beginning });
      } finally {
        ended += 1;
      }
    });
    await expect(running).rejects.toThrow('division by zero');
    expect(ended).toBe(3);
    await runner.run({ name: '', text: 'rollback' }, []);
    await runner.run({ name: '', text: 'begin' }, []);
    return counting;
  });
  expect(sent).toEqual(['test_rename_user', 'test_rename_user', 'test_fail_on']);
});

test('work that waits for something else holds up the others only until then', async () => {
  const elsewhere = Promise.withResolvers<void>();
  const endings = await runTogether(database(), ['a1', 'a2'], async (beginning, own) => {
    if (beginning === 'a1') setImmediate(() => elsewhere.resolve());
    else await elsewhere.promise;
    return idsOf(await READ.all(own, { clientExtId: '100', beginning, after }));
  });
  expect(valuesOf(endings)).toEqual([['a1'], ['a2']]);
});
