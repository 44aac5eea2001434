import { parseArgs } from 'node:util';

import { DatabaseError } from 'pg';

import { diskProblemOf } from '../common/disk-problem.js';
import { AppError } from '../common/errors.js';
import { StartError } from '../common/start-error.js';
import { domainErrorOf } from '../database/database-error.js';

/** A command has invalid arguments: reported without a stack trace, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The reader of the output may close it (`npm start | head -1`). That must neither end the process nor leave the
 * embedded PostgreSQL running.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

const INSUFFICIENT_PRIVILEGE = '42501';

export type Announce = (line: string) => void;

/** Prints a line for a person at a terminal; programs read the log. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Reports an error to a person: cause and remedy if the operator can fix it, otherwise the stack trace. */
export function reportAndExit(error: unknown): void {
  process.stderr.write(`\n${messageOf(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** What a person is told about an error. */
export function messageOf(error: unknown): string {
  if (error instanceof StartError || error instanceof UsageError) return error.message;
  // TypeORM wraps the error of the driver.
  const { driverError = error, message, stack } = error as Error & { driverError?: unknown };
  if (driverError instanceof DatabaseError && driverError.code === INSUFFICIENT_PRIVILEGE) {
    return (
      `The role of DATABASE_URL lacks a right: ${driverError.message}. Let it own the database and all tables of certkeep ` +
      'there, or name another role in DATABASE_URL.'
    );
  }
  const known = driverError instanceof DatabaseError ? domainErrorOf(driverError) : error;
  if (!(known instanceof AppError) || known.code !== 'errors.unavailable') return stack ?? message;
  const { cause, remedy } = diskProblemOf(known.internal ?? message, 'See its log, and try again');
  return `The database cannot be used: ${cause}. ${remedy}.`;
}

/** For a command without other arguments. */
export function wantsHelp(args: readonly string[], help: string): boolean {
  try {
    return parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } }).values.help ?? false;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}
