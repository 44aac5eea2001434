import { DatabaseError } from 'pg';

import { diskProblemOf } from '../common/disk-problem.js';
import { AppError } from '../common/errors.js';
import { StartError } from '../common/start-error.js';
import { domainErrorOf } from '../database/database-error.js';
import { UsageError } from './usage-error.js';

/**
 * The reader of the output may close it (`npm start | head -1`). That must neither end the process nor leave the
 * embedded PostgreSQL running.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Prints a line for a person at a terminal; programs read the log. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Reports an error to a person: cause and remedy if the operator can fix it, otherwise the stack trace. */
export function reportAndExit(error: unknown): void {
  process.stderr.write(`\n${messageOf(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

function messageOf(error: unknown): string | undefined {
  if (error instanceof StartError || error instanceof UsageError) return error.message;
  // TypeORM wraps the error of the driver.
  const { driverError = error, message, stack } = error as Error & { driverError?: unknown };
  const known = driverError instanceof DatabaseError ? domainErrorOf(driverError) : error;
  if (!(known instanceof AppError) || known.code !== 'errors.unavailable') return stack;
  const { cause, remedy } = diskProblemOf(known.internal ?? message, 'See its log, and try again');
  return `The database cannot be used: ${cause}. ${remedy}.`;
}
