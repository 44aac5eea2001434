import { StartError } from '../common/start-error.js';

/** A person reads this: cause and remedy for what he can mend, the stack for what only we can. */
export function reportAndExit(error: unknown): void {
  process.stderr.write(error instanceof StartError ? `\n${error.message}\n` : `\n${(error as Error).stack}\n`);
  process.exit(1);
}
