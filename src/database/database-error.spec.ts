import { expect, test } from 'vitest';

import { appError } from '../common/errors.js';
import { domainErrorOf, isRetryable, isTimeout } from './database-error.js';

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
  ['read_only_sql_transaction, of a primary that is none any more', failure('25006')],
  ['serialization_failure, as often as it was run again', failure('40001')],
  ['deadlock_detected, as often as it was run again', failure('40P01')],
  ['a refused connection', failure('ECONNREFUSED')],
  ['a name that currently cannot be resolved', failure('EAI_AGAIN')],
  ['a name that is none', failure('ENOTFOUND')],
  ['a network that is not there', failure('ENETUNREACH')],
  ['a socket that is not there', failure('ENOENT')],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
  ['a connection that broke', new Error('Connection terminated unexpectedly')],
  ['a connection that fell silent', new Error('Query read timeout')],
])('7.1 %s is 503 with Retry-After, and says nothing of itself', (_, error) => {
  const translated = domainErrorOf(error);
  expect(translated).toMatchObject({ code: 'errors.unavailable', retryAfterSeconds: 5, cause: error });
  expect((translated as Error).message).not.toContain(error.message);
});

test.each([
  ['a statement that is wrong', failure('42601')],
  ['a value of another type', failure('22P02')],
  ['a constraint that nobody has named', Object.assign(failure('23505'), { constraint: 'unheard_of' })],
])('7.1 %s is a defect', (_, error) => {
  expect(domainErrorOf(error)).toBe(error);
});

test('3.4 a lost race is run again, also where its error has been translated already', () => {
  for (const code of ['40001', '40P01']) {
    expect([isRetryable(failure(code)), isRetryable(domainErrorOf(failure(code)))]).toEqual([true, true]);
  }
  expect(isRetryable(domainErrorOf(failure('57014')))).toBe(false);
  expect(isRetryable(appError({ code: 'errors.noRecord', message: 'x' }))).toBe(false);
});

test('8.3 only what took longer than it may is a time-out', () => {
  expect(isTimeout(domainErrorOf(failure('57014')))).toBe(true);
  expect(isTimeout(domainErrorOf(failure('57P01')))).toBe(false);
});
