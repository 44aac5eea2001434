import { parseArgs } from 'node:util';

import { UsageError } from './usage-error.js';

/** For a command without other arguments. */
export function wantsHelp(args: readonly string[], help: string): boolean {
  try {
    return parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' } } }).values.help ?? false;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}
