import { StartError } from '../common/start-error.js';
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

/** A person reads this: cause and remedy for what he can mend, the stack for what only we can. */
export function reportAndExit(error: unknown): void {
  const mendable = error instanceof StartError || error instanceof UsageError;
  process.stderr.write(mendable ? `\n${error.message}\n` : `\n${(error as Error).stack}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
