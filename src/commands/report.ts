import { DatabaseError } from 'pg';

import { diskProblemOf } from '../common/disk-problem.js';
import { AppError } from '../common/errors.js';
import { StartError } from '../common/start-error.js';
import { domainErrorOf } from '../database/database-error.js';
import { UsageError } from './usage-error.js';

/**
 * Whoever reads our output may stop reading (`npm start | head -1`). That is no reason to end, nor to leave the embedded
 * PostgreSQL behind.
 */
export function outliveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** For a person at a terminal; what programs read is the log. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A person reads this: cause and remedy for what the operator can change, the stack for what only we can. */
export function reportAndExit(error: unknown): void {
  process.stderr.write(`\n${messageOf(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

function messageOf(error: unknown): string | undefined {
  if (error instanceof StartError || error instanceof UsageError) return error.message;
  // TypeORM keeps what the driver has thrown.
  const { driverError = error, message, stack } = error as Error & { driverError?: unknown };
  const known = driverError instanceof DatabaseError ? domainErrorOf(driverError) : error;
  if (!(known instanceof AppError) || known.code !== 'errors.unavailable') return stack;
  const { cause, remedy } = diskProblemOf(known.internal ?? message, 'See its log, and try again');
  return `The database cannot be used: ${cause}. ${remedy}.`;
}
