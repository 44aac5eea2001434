import { expect, test } from 'vitest';

import { identifier } from './column.js';
import { lockUserAlone, sharePoliciesIf, SHARE_POLICIES_OF_CLIENT, shareUser } from './fair-lock.js';
import { ADVISORY_LOCKS } from './locks.js';
import { parameter, sql } from './sql.js';
import { statement } from './statement.js';
import { PASS_TURNSTILE, passUserTurnstile } from './turnstile.js';

const USER = parameter('userExtId', identifier());

/** Without the words that do not decide which lock it is. */
const keyIn = (text: string): string | undefined => /hashtextextended\(.*\)/.exec(text)?.[0];

test('the fair locks of converted statements and of others are the same', () => {
  expect(SHARE_POLICIES_OF_CLIENT.text).toBe(PASS_TURNSTILE.text);
  const share = statement('test_share_user', sql`with ${shareUser(USER)} select 1`);
  const alone = statement('test_lock_user', sql`with ${lockUserAlone(USER)} select 1`);
  expect(keyIn(share.text)).toBe(keyIn(passUserTurnstile('$2')));
  expect(keyIn(alone.text)).toBe(keyIn(share.text));
});

test('the policies are shared only where what comes before was found', () => {
  const { text } = statement(
    'test_share_policies',
    sql`with ${sharePoliciesIf(sql`exists (select 1 from user_lock)`)}`,
  );
  expect(text).toContain(`_shared(hashtextextended($1::text, ${ADVISORY_LOCKS.policies})) where exists (select 1`);
});
