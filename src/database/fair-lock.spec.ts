import { expect, test } from 'vitest';

import { identifier } from './column.js';
import { lockUserAlone, sharePoliciesIf, shareUser } from './fair-lock.js';
import { ADVISORY_LOCKS } from './locks.js';
import { parameter, sql } from './sql.js';
import { statement } from './statement.js';

const USER = parameter('userExtId', identifier());

/** The statement without the words that do not decide which lock it takes. */
const keyIn = (text: string): string | undefined => /hashtextextended\(.*\)/.exec(text)?.[0];

test('the shared and the exclusive lock of a user are the same lock', () => {
  const share = statement('test_share_user', sql`with ${shareUser(USER)} select 1`);
  const alone = statement('test_lock_user', sql`with ${lockUserAlone(USER)} select 1`);
  expect(keyIn(share.text)).toContain(String(ADVISORY_LOCKS.user));
  expect(keyIn(alone.text)).toBe(keyIn(share.text));
});

test('the lock of the policies is taken only where the preceding row was found', () => {
  const { text } = statement(
    'test_share_policies',
    sql`with ${sharePoliciesIf(sql`exists (select 1 from user_lock)`)}`,
  );
  expect(text).toContain(`_shared(hashtextextended($1::text, ${ADVISORY_LOCKS.policies})) where exists (select 1`);
});
