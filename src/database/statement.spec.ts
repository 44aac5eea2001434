import { describe, expect, expectTypeOf, test } from 'vitest';

import { bigint, identifier, instant, integer, json, nullable, text, texts } from './column.js';
import type { StatementRunner } from './database.js';
import { grouped, leftJoined, parameter, returns, sql } from './sql.js';
import { statement } from './statement.js';
import { type RowOf, table } from './table.js';

const NOTES = table(
  'notes',
  {
    clientExtId: identifier(),
    extId: identifier<'a' | 'b'>(),
    title: nullable(text()),
    tags: texts(),
    body: json<{ readonly lines: number }>(),
    lastModified: instant(),
  },
  { primaryKey: { name: 'notes_pk', columns: ['clientExtId', 'extId'] } },
);

const { clientExtId, extId } = NOTES.parameters;
const READ = statement(
  'test_read_note',
  sql`select ${NOTES.select('n', ['extId', 'title', 'lastModified'])} from notes n
    where n.ext_id = ${extId} and n.client_ext_id = ${clientExtId} or ${extId} = 'a'`,
);
const CHANGE = statement(
  'test_change_note',
  sql`update notes n set ${NOTES.assignments(['title', 'body'])} where ${NOTES.matches('n', ['clientExtId', 'extId'])}`,
);

/** Returns no rows, and records the queries. */
class Asked implements StatementRunner {
  values: readonly unknown[] = [];

  async run<Row>(_statement: unknown, values: readonly unknown[]): Promise<Row[]> {
    this.values = values;
    return await Promise.resolve([]);
  }
}

describe('the text of a statement', () => {
  test('has a number for each name, the client first, with a cast at each use', () => {
    expect(READ.text.replaceAll(/\s+/g, ' ')).toBe(
      'select n.ext_id as "extId", n.title as "title", n.last_modified as "lastModified" from notes n ' +
        `where n.ext_id = $2::text and n.client_ext_id = $1::text or $2::text = 'a'`,
    );
  });

  test('has the columns and values of an insert in the same order', () => {
    const insert = statement('test_insert', sql`insert into notes (${NOTES.names()}) values (${NOTES.values()})`);
    expect(insert.text).toBe(
      'insert into notes (client_ext_id, ext_id, title, tags, body, last_modified) ' +
        'values ($1::text, $2::text, $3::text, $4::text[], $5::jsonb, $6::timestamptz)',
    );
  });

  test('distinguishes members of a group from parameters of the same name', () => {
    const both = statement('test_group', sql`select ${extId}, ${grouped('event', extId)}`);
    expect(both.text).toBe('select $1::text, $2::text');
    expect(both.values({ extId: 'a', event: { extId: 'b' } })).toEqual(['a', 'b']);
  });

  test('is refused if a name has two types', () => {
    const twice = sql`select ${parameter('one', text())}, ${parameter('one', integer())}`;
    expect(() => statement('test_two_types', twice)).toThrow('test_two_types: one has two types.');
  });

  test('is refused if its name belongs to another text', () => {
    expect(() => statement('test_read_note', sql`select 1`)).toThrow('Two statements have the name test_read_note.');
    expect(statement('test_read_note', { parts: [READ.text] }).name).toBe('test_read_note');
  });
});

describe('the values of a statement', () => {
  test('are ordered by name, whatever the order of the object; JSON becomes text', async () => {
    const asked = new Asked();
    await CHANGE.first(asked, { extId: 'a', body: { lines: 3 }, title: null, clientExtId: '100' });
    expect(CHANGE.text).toContain('title = $2::text, body = $3::jsonb');
    expect(asked.values).toEqual(['100', null, '{"lines":3}', 'a']);
  });

  test('without a client use no client’s turn', () => {
    expect(statement('test_no_client', sql`select ${extId}`).ofNoClient).toBe(true);
    expect(READ.ofNoClient).toBe(false);
  });
});

test('columns of a joined table have its prefix, and are null without a row', () => {
  const COUNTERS = table(
    'counters',
    { id: bigint(), lastSuccess: nullable(instant()) },
    { primaryKey: { name: 'c_pk', columns: ['id'] } },
  );
  const piece = leftJoined(COUNTERS.selectAs('own', 'c', ['id', 'lastSuccess']));
  expect(piece.parts).toEqual(['c.id::float8 as "ownId", c.last_success as "ownLastSuccess"']);
  const JOINED = statement('test_joined', sql`select ${NOTES.select('n', ['extId'])}, ${piece} from notes n`);
  const first = async () => await JOINED.first(new Asked(), {});
  expectTypeOf(first).returns.resolves.toEqualTypeOf<
    | { readonly extId: 'a' | 'b'; readonly ownId: number; readonly ownLastSuccess: Date | null }
    | { readonly extId: 'a' | 'b'; readonly ownId: null; readonly ownLastSuccess: null }
    | undefined
  >();
});

test('rows and parameters have the types of the columns', () => {
  expectTypeOf<RowOf<typeof NOTES>>().toEqualTypeOf<{
    readonly clientExtId: string;
    readonly extId: 'a' | 'b';
    readonly title: string | null;
    readonly tags: readonly string[];
    readonly body: { readonly lines: number };
    readonly lastModified: Date;
  }>();
  expectTypeOf(
    async () => await READ.first(new Asked(), { clientExtId: '100', extId: 'a' }),
  ).returns.resolves.toEqualTypeOf<
    { readonly extId: 'a' | 'b'; readonly title: string | null; readonly lastModified: Date } | undefined
  >();
  const COUNT = statement('test_count', sql`select ${returns<{ readonly total: number }>('1 as total')}`);
  expectTypeOf(async () => await COUNT.first(new Asked(), {})).returns.resolves.toEqualTypeOf<
    { readonly total: number } | undefined
  >();
});

/** Never called: the compiler reports an error if one of these lines compiles. */
export async function doesNotCompile(runner: StatementRunner, row: RowOf<typeof NOTES>, anyText: string) {
  // @ts-expect-error a missing parameter
  await READ.first(runner, { clientExtId: '100' });
  // @ts-expect-error a superfluous parameter
  await READ.first(runner, { clientExtId: '100', extId: 'a', title: 'x' });
  // @ts-expect-error superfluous parameters of a row
  await READ.first(runner, row);
  // @ts-expect-error a parameter of the wrong type
  await READ.first(runner, { clientExtId: 100, extId: 'a' });
  // @ts-expect-error a value that the column does not have
  await READ.first(runner, { clientExtId: '100', extId: 'c' });
  // @ts-expect-error null where the column has none
  await CHANGE.first(runner, { clientExtId: '100', extId: 'a', title: null, body: null });
  // @ts-expect-error an unknown column
  NOTES.select('n', ['tilte']);
  // @ts-expect-error the parameter of an unknown column
  void sql`select ${NOTES.parameters.tilte}`;
  // @ts-expect-error an unknown column of a key
  table('others', { extId: identifier() }, { primaryKey: { name: 'others_pk', columns: ['id'] } });
  // @ts-expect-error a string is not SQL
  void sql`select ${anyText}`;
  // @ts-expect-error a row has only the selected columns
  return (await READ.first(runner, { clientExtId: '100', extId: 'a' }))?.body;
}
