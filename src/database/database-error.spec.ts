import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';

import { appError } from '../common/errors.js';
import {
  domainErrorOf,
  failureKindOf,
  isRetryable,
  isTimeout,
  STANDBY_MESSAGE,
  UNREPLICATED_MESSAGE,
} from './database-error.js';

function failure(code: string, message = 'as the driver says it'): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  ['connection_failure', failure('08006')],
  ['too_many_connections', failure('53300')],
  ['disk_full', failure('53100')],
  ['statement_timeout', failure('57014')],
  ['admin_shutdown', failure('57P01')],
  ['cannot_connect_now', failure('57P03')],
  ['idle_in_transaction_session_timeout', failure('25P03')],
  ['read_only_sql_transaction, of a former primary', failure('25006')],
  ['io_error, of a failing disk', failure('58030')],
  ['a connection to a standby', new Error(STANDBY_MESSAGE)],
  ['a commit that no standby has confirmed', new Error(UNREPLICATED_MESSAGE)],
  ['serialization_failure after all retries', failure('40001')],
  ['deadlock_detected after all retries', failure('40P01')],
  ['a refused connection', failure('ECONNREFUSED')],
  ['a temporary failure of name resolution', failure('EAI_AGAIN')],
  ['an unknown host name', failure('ENOTFOUND')],
  ['an unreachable network', failure('ENETUNREACH')],
  ['a missing socket', failure('ENOENT')],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
  ['a connection that broke', new Error('Connection terminated unexpectedly')],
  ['a connection that stopped answering', new Error('Query read timeout')],
])('7.1 %s is 503 with Retry-After, without details', (_, error) => {
  const translated = domainErrorOf(error);
  expect(translated).toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 5, cause: error });
  expect((translated as Error).message).not.toContain(error.message);
});

test.each([
  ['a statement that is wrong', failure('42601')],
  ['a value of another type', failure('22P02')],
  ['an unknown constraint', Object.assign(failure('23505'), { constraint: 'unheard_of' })],
])('7.1 %s is a defect', (_, error) => {
  expect(domainErrorOf(error)).toBe(error);
});

test('3.4 a lost race is retried, also where its error was translated already', () => {
  for (const code of ['40001', '40P01']) {
    expect([isRetryable(failure(code)), isRetryable(domainErrorOf(failure(code)))]).toEqual([true, true]);
  }
  expect(isRetryable(domainErrorOf(failure('57014')))).toBe(false);
  expect(isRetryable(failure('23514'))).toBe(true);
  expect(isRetryable(Object.assign(failure('23514'), { constraint: 'a_check' }))).toBe(false);
  expect(isRetryable(appError({ code: 'errors.noRecord', message: 'x' }))).toBe(false);
});

test('8.3 only a statement timeout counts as a timeout', () => {
  expect(isTimeout(domainErrorOf(failure('57014')))).toBe(true);
  expect(isTimeout(domainErrorOf(failure('57P01')))).toBe(false);
});

/** As PostgreSQL reports it. */
const reported = (code: string, members: object = {}): DatabaseError =>
  Object.assign(new DatabaseError('as PostgreSQL says it', 1, 'error'), { code, ...members });

test.each([
  ['a refused connection', failure('ECONNREFUSED'), 'unavailable'],
  ['admin_shutdown', reported('57P01'), 'unavailable'],
  ['a connection that broke', new Error('Connection terminated unexpectedly'), 'unavailable'],
  ['statement_timeout', reported('57014'), 'timeout'],
  ['a connection that stopped answering', new Error('Query read timeout'), 'timeout'],
  ['lock_timeout', reported('55P03'), 'lock'],
  ['deadlock_detected', reported('40P01'), 'lock'],
  ['undefined_column', reported('42703'), 'other'],
  ['an error that has been translated', domainErrorOf(reported('57P01')), 'unavailable'],
  ['what a constraint has refused', reported('23505', { constraint: 'users_pk' }), undefined],
  ['a statement that is to be prepared again', reported('26000'), undefined],
  ['a refusal of a rule', appError({ code: 'errors.noRecord', message: 'There is none.' }), undefined],
  ['a defect', new TypeError('undefined is not a function'), undefined],
])('for the metrics, the kind of %s', (_, error, kind) => {
  expect(failureKindOf(error)).toBe(kind);
});
