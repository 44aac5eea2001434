import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

import type { LogLevel } from '../config/settings.js';
import type { LogOutput } from './log-output.js';

/** Writes JSON lines. JSON escapes values of unknown origin; `asciiOf` reduces them to ASCII. */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    messageKey: 'message',
    serializers: { err: describeError },
  };
  return pino(options, destination);
}

/** Like `createLogger`, and logs how many lines were lost. */
export function createOutputLogger(level: LogLevel, output: LogOutput): Logger {
  const logger = createLogger(level, output);
  output.onRoom = (lost) => logger.warn({ lost }, 'log lines dropped');
  return logger;
}

/**
 * The driver's `detail` and `parameters` contain the row itself (PEM, comments, names), so only the name of the
 * constraint is logged.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, table } = error as Error & Partial<Record<'code' | 'constraint' | 'table', unknown>>;
  return { type: error.name, message: error.message, stack: error.stack, code, constraint, table };
}

/**
 * Makes text from a caller safe for the log. Control characters and bidirectional controls would let a request write
 * something that looks like another line.
 */
export function asciiOf(text: string, limit = 300): string {
  const escaped = text.replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return escaped.length > limit ? `${escaped.slice(0, limit)}…` : escaped;
}

/** Writes Nest's messages to the same log. Its startup messages are useful only for developers. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ context: context.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof Error) this.logger.error({ err: message }, message.message);
    else this.logger.error({ context: rest.at(-1), stack: rest[0] }, String(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn({ context: context.at(-1) }, String(message));
  }
}
