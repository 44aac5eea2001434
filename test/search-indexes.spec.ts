import { createHash } from 'node:crypto';

import type { Request } from 'express';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { LOOK_UP_CERTIFICATES } from '../src/certificates/finding/certificate-lookup.queries.js';
import { readCertificateSearch } from '../src/certificates/finding/certificate-search-query.js';
import { searchStatement, type SearchKnowledge } from '../src/certificates/finding/certificate-search.queries.js';
import { SearchIndexBuild } from '../src/certificates/finding/search-index-build.js';
import type { Statement } from '../src/database/database.js';
import { Leader } from '../src/database/leader.js';
import { SEARCH_INDEXES } from '../src/database/search-indexes.js';
import { Fixture } from './support/fixture.js';
import { send } from './support/http.js';

// The plans of F1 on many rows, and the indexes that a database with certificates gets after an upgrade.

let fixture: Fixture;

const ROWS = 20_000;

/**
 * Two clients; half of the keys are of one type, and every tenth certificate is of another issuer. No page has only rows with
 * similar numbers, so that a sample of pages is one of rows.
 */
const INSERT = `insert into credentials (client_ext_id, ext_id, generation, user_ext_id, policy_ext_id, type, state,
    state_set_by, reason, successes, failures, failures_since_lock, version, created, last_modified, der, sha256, sha1,
    serial, ski, valid_to, key_type, public_key_sha256, signature_algorithm, subject_alternative_names,
    extended_key_usage, authority_key_identifier, described_sha256, subject_name_sha256, issuer_name_sha256, searched_text)
  select '100', 'row-' || lpad(n::text, 6, '0'), gen_random_uuid(), 'helper-7', 'default', 'Certificate', 'active',
    'administrator', 'initialized', 0, 0, 0, 1, at, at, digest, digest, substring(digest, 1, 20), upper(to_hex(n)),
    substring(digest, 1, 20), at + interval '1 year', case when n % 2 = 0 then 'RSA:2048' else 'EC:P-256' end, digest,
    'sha256WithRSAEncryption', array['email:user-' || n || '@acme.test'], array['1.3.6.1.5.5.7.3.2'],
    sha256('aki'), digest, digest, sha256((n % 10)::text::bytea), 'cn=user ' || n || ',o=acme' || E'\\nuser-' || n || '@acme.test' || E'\\nhttps://acme.test/' || encode(digest, 'hex')
  from (select n, sha256(n::text::bytea) as digest, timestamptz '2026-01-01' + n * interval '1 second' as at
    from generate_series(1, ${ROWS}) as n) as numbered
  order by digest`;

beforeAll(async () => {
  fixture = await Fixture.start();
  const runner = fixture.app.dataSource.createQueryRunner();
  try {
    await runner.query('set statement_timeout = 0');
    await runner.query(INSERT);
    await runner.query('vacuum analyze credentials, users');
    await runner.query('reset statement_timeout');
  } finally {
    await runner.release();
  }
});

afterAll(async () => await fixture.app.close());

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

const NOTHING_KNOWN = { hasIndexes: true, shares: { certificates: undefined, users: undefined } };

const searchOf = (query: string, knowledge: SearchKnowledge = NOTHING_KNOWN) => {
  const search = readCertificateSearch({ originalUrl: `/?${query}` } as Request);
  return searchStatement('100', search, fixture.app.clock.now(), knowledge);
};

/** The indexes of the plan and its sorts, as the server plans it. */
async function nodesOf(query: string, knowledge?: SearchKnowledge): Promise<readonly string[]> {
  const { statement, values } = searchOf(query, knowledge);
  expect(values[0]).toBe('100');
  return nodesIn(await fixture.app.dataSource.query(`explain (format json) ${statement.text}`, [...values]));
}

/** Those of the plan that a connection keeps, whatever the values are. */
async function genericNodesOf({ text }: Statement): Promise<readonly string[]> {
  return nodesIn(await fixture.app.dataSource.query(`explain (format json, generic_plan) ${text}`));
}

function nodesIn([row]: readonly [{ readonly 'QUERY PLAN': readonly [{ readonly Plan: Plan }] }]): readonly string[] {
  const nodes = new Set<string>();
  const waiting: Plan[] = [row['QUERY PLAN'][0].Plan];
  for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop()) {
    const { 'Node Type': type, 'Index Name': index } = plan;
    if (index !== undefined) nodes.add(index);
    else if (type.endsWith('Scan') && !/^(Subquery|CTE|Bitmap Heap)/.test(type))
      nodes.add(`${type} of ${plan['Relation Name']}`);
    if (type.includes('Sort')) nodes.add('Sort');
    waiting.push(...(plan.Plans ?? []));
  }
  return [...nodes].toSorted();
}

const DEEP = `continuationToken=${Date.parse('2026-01-01T05:00:00Z')}_row-018000`;
const DIGEST = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';

test.each([
  ['', ['credentials_of_client']],
  [DEEP, ['credentials_of_client']],
])('8.2, 16.1 the plan of F1 with "%s" reads its page from an index', async (query, expected) => {
  expect(await nodesOf(query)).toEqual(expected);
});

// A generic plan does not know the value: it must be as good for one that no certificate has as for one that all have.
test.each([
  ['subjectDN=CN%3Dx', 'credentials_of_subject'],
  ['issuerDN=CN%3Dx', 'credentials_of_issuer'],
  ['serial=1F', 'credentials_of_serial'],
  ['subjectKeyIdentifier=6b86', 'credentials_of_ski'],
  ['authorityKeyIdentifier=6b86', 'credentials_of_aki'],
  [`publicKeySha256=${DIGEST}`, 'credentials_of_public_key'],
  ['policyExtId=none', 'credentials_of_policy'],
  ['keyType=none', 'credentials_of_key_type'],
  ['signatureAlgorithm=none', 'credentials_of_signature'],
])('8.2, 16.1 the plan of F1 with "%s" reads its page from %s, whatever the value is', async (query, index) => {
  // Where all values differ, the one row may be sorted.
  expect((await genericNodesOf(searchOf(query).statement)).filter((node) => node !== 'Sort')).toEqual([index]);
  expect(await nodesOf(query)).toContain(index);
});

test('16.3 the plan of a lookup reads the page of each filter from its own index, whatever the values are', async () => {
  const nodes = await genericNodesOf(LOOK_UP_CERTIFICATES);
  expect(nodes).not.toContain('credentials_of_client');
  expect(nodes).toEqual(
    expect.arrayContaining(['credentials_of_issuer', 'credentials_of_aki', 'credentials_of_serial', 'credentials_pk']),
  );
});

// Where most rows have the value, the order of all pages finds the next hundred as fast.
test.each([
  'keyType=RSA%3A2048',
  `keyType=RSA%3A2048&${DEEP}`,
  'signatureAlgorithm=sha256WithRSAEncryption',
  'policyExtId=default',
  'issuerDN=CN%3Dx',
  'authorityKeyIdentifier=0102',
  'keyType=none',
])('8.2, 16.1 the plan of F1 with "%s" sorts nothing', async (query) => {
  const nodes = await nodesOf(query);
  expect(nodes.filter((node) => node === 'Sort' || node.startsWith('Seq'))).toEqual([]);
});

test.each([
  [`fingerprint=${DIGEST}`, 'credentials_of_sha1'],
  ['san=email%3Auser-7%40acme.test', 'credentials_names_and_purposes'],
  ['extendedKeyUsage=1.2.3', 'credentials_names_and_purposes'],
  ['expiresBefore=2026-06-01T00:00:00Z', 'credentials_of_expiry'],
  ['q=user-1234%40acme', 'credentials_text_trigrams'],
  ['san=email%3Auser-7%40acme.test&keyType=RSA%3A2048', 'credentials_names_and_purposes'],
  ['serial=1F&keyType=RSA%3A2048', 'credentials_of_serial'],
])('16.1, 16.2 the plan of F1 with "%s" finds few rows by the index %s', async (query, index) => {
  expect(await nodesOf(query)).toContain(index);
});

test('16.2 the plan of a part that most certificates have reads the newest, and does not collect all of them', async () => {
  expect(await nodesOf('q=acme&limit=20')).not.toContain('credentials_text_trigrams');
});

const build = () => fixture.app.get(SearchIndexBuild);

const queryOf = (part: string) => `limit=50&q=${encodeURIComponent(part)}`;

const patterns = (part: string, knowledge: SearchKnowledge): readonly unknown[] =>
  searchOf(queryOf(part), knowledge).values.filter((value) => String(value).startsWith('%'));

const found = async (part: string, knowledge: SearchKnowledge) => {
  const { statement, values } = searchOf(queryOf(part), knowledge);
  const rows = await fixture.app.dataSource.query<{ extId: string }[]>(statement.text, [...values]);
  return rows.map(({ extId }) => extId);
};

describe('16.2 a part whose pieces are searched', () => {
  beforeAll(async () => await build().run());

  test('the sample says what is frequent', () => {
    const { certificates } = build().knowledge.shares;
    expect(certificates?.shares.get('acm')).toBeGreaterThan(0.9);
    expect(certificates?.shares.get('use')).toBeGreaterThan(0.9);
    // 111 of 20,000 rows.
    expect(certificates?.shares.get('q77') ?? 0).toBeLessThan(0.01);
  });

  test('a second sample of the same rows says the same', async () => {
    const { shares } = build().knowledge;
    fixture.app.clock.advance(3_600_001);
    await build().run();
    expect(build().knowledge.shares).toEqual(shares);
  });

  test('the plan uses the trigram index', async () => {
    expect(await nodesOf(queryOf(DIGEST), build().knowledge)).toContain('credentials_text_trigrams');
  });

  test.each([
    [DIGEST, true],
    ['acme', false],
    ['user-777', false],
  ])('of "%s", pieces are searched: %s', (part, expected) => {
    expect(patterns(part, build().knowledge).some((pattern) => pattern !== `%${part}%`)).toBe(expected);
  });

  test('where few of many rows with its pieces have the part, the plan does not read all in search of a page', async () => {
    // One of 18 rows has the piece, and no row the part.
    const shares = { shares: new Map([['q12', 1e-6]]), rest: 0.5 };
    const knowledge = { hasIndexes: true, shares: { certificates: shares, users: undefined } };
    expect(patterns('user 12345x', knowledge)).toContain('%q12%');
    expect(await nodesOf(queryOf('user 12345x'), knowledge)).toContain('credentials_text_trigrams');
  });

  test('it finds what the search of the whole part finds', async () => {
    let withPieces = 0;
    for (const number of [1, 77, 777, 1_234, 12_345, 19_999]) {
      const digest = createHash('sha256').update(String(number)).digest('hex');
      const url = `https://acme.test/${digest}`;
      for (const part of [digest, url, url.slice(9, 40).toUpperCase(), `${number}@acme.test`, `${digest.slice(1)}0`]) {
        const expected = await found(part, NOTHING_KNOWN);
        expect(await found(part, build().knowledge)).toEqual(expected);
        const whole = patterns(part, NOTHING_KNOWN);
        const isPieces = patterns(part, build().knowledge).some((pattern) => !whole.includes(pattern));
        if (isPieces && expected.length > 0) withPieces += 1;
      }
    }
    expect(withPieces).toBeGreaterThan(10);
  });
});

describe('16.2 a part with blanks', () => {
  /** Without an index. */
  const FIND = `select ext_id as "extId" from credentials
    where position($1 in lower(ext_id) || E'\\n' || searched_text) > 0 order by created desc, ext_id desc limit 50`;

  test('the index tells the order of words', async () => {
    const { statement, values } = searchOf(queryOf('acme user'), NOTHING_KNOWN);
    const text = `explain (analyze, timing off, costs off, buffers off) ${statement.text}`;
    const plan = await fixture.app.dataSource.query<{ 'QUERY PLAN': string }[]>(text, [...values]);
    expect(JSON.stringify(plan)).toContain('credentials_text_trigrams');
    expect(JSON.stringify(plan)).not.toContain('Rows Removed by Index Recheck');
  });

  test('it finds the same as a search without an index', async () => {
    const row = fc.integer({ min: 1, max: ROWS });
    const place = fc.record({ start: fc.nat(20), length: fc.integer({ min: 3, max: 14 }) });
    const change = fc.constantFrom(['', ''], [' ', 'q'], ['e', ' '], ['r 1', 'rq1'], ['user ', 'user  '], ['=', '_']);
    await fc.assert(
      fc.asyncProperty(row, place, change, async (number, { start, length }, [before = '', after = '']) => {
        const whole = `cn=user ${number},o=acme`;
        const part = whole
          .slice(start, start + length)
          .replace(before, after)
          .trim();
        if (part.length < 3) return;
        const rows = await fixture.app.dataSource.query<{ extId: string }[]>(FIND, [part]);
        const expected = rows.map(({ extId }) => extId);
        for (const knowledge of [NOTHING_KNOWN, build().knowledge]) {
          expect((await found(part, knowledge)).slice(0, 50)).toEqual(expected);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('16.2 a part with a blank is found in the login ID of the user', async () => {
  await fixture.app.dataSource.query(`insert into users select (jsonb_populate_record(u, jsonb_build_object(
      'ext_id', 'two-words', 'generation', gen_random_uuid(), 'login_id', 'Two Words', 'login_id_folded', 'two words'))).*
    from users u where ext_id = 'helper-7'`);
  await fixture.app.dataSource.query(
    `update credentials set user_ext_id = 'two-words' where ext_id in ('row-000005', 'row-000009')`,
  );
  for (const knowledge of [NOTHING_KNOWN, build().knowledge]) {
    expect(await found('O WORD', knowledge)).toEqual(['row-000009', 'row-000005']);
    expect(await found('words two', knowledge)).toEqual([]);
    expect(await found('twoqwords', knowledge)).toEqual([]);
  }
});

test('16.2 the list of recent writes, which every search reads, is short', async () => {
  const [row] = await fixture.app.dataSource.query<{ limit: string }[]>(
    `select current_setting('gin_pending_list_limit') as limit`,
  );
  expect(row).toEqual({ limit: '1MB' });
});

/** Of each index, without the condition. */
const DEFINITIONS = `select indexname as name, indexdef as definition from pg_indexes where tablename = 'credentials'`;

/** What a login, a lock or an administrator's comment or state changes. */
const CHANGED =
  /\b(successes|failures|failures_since_lock|last_success|last_failure|lock|lock_reason|locked_until|state|state_set_by|reason|detail|comment|version|last_modified|properties)\b/;

test('16.1 no index of credentials has a column that a login, a comment or a state changes', async () => {
  const indexes = await fixture.app.dataSource.query<{ name: string; definition: string }[]>(DEFINITIONS);
  expect(indexes.length).toBeGreaterThan(SEARCH_INDEXES.length);
  expect(indexes.filter(({ definition }) => CHANGED.test(definition.replace(/^.*? USING/, '')))).toEqual([]);
});

const VALID = `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indisvalid and c.relname = any($1) order by 1`;

const valid = async (): Promise<readonly string[]> => {
  const names = SEARCH_INDEXES.map(({ name }) => name);
  const rows = await fixture.app.dataSource.query<{ name: string }[]>(VALID, [names]);
  return rows.map(({ name }) => name);
};

test('16.1 the leader builds the indexes that are missing, while searches have a time limit and work', async () => {
  const { app, token } = fixture;
  await build().run();
  expect(build().areComplete).toBe(true);
  const all = await valid();
  expect(all).toHaveLength(SEARCH_INDEXES.length);

  for (const { name } of SEARCH_INDEXES) await app.dataSource.query(`drop index ${name}`);
  await app.get(Leader).giveBack();
  const search = await send(app, 'GET', '/nevisidm/api/core/v1/100/certificates?serial=1F', { token });
  expect([search.status, search.body.items.length]).toEqual([200, 1]);

  app.clock.advance(3_600_001);
  await build().run();
  expect(await valid()).toEqual(all);
  expect(build().areComplete).toBe(true);
});

test('16.1 an index whose build was broken off is built again', async () => {
  const { app } = fixture;
  await app.dataSource.query(
    `update pg_index set indisvalid = false where indexrelid = 'credentials_of_serial'::regclass`,
  );
  app.clock.advance(3_600_001);
  await build().run();
  expect(await valid()).toContain('credentials_of_serial');
});
