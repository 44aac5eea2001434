import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

import type { LogLevel } from '../config/settings.js';
import type { LogOutput } from './log-output.js';

/** JSON lines; values of unknown origin are escaped by JSON, and shown in ASCII by `asciiOf`. */
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

/** As `createLogger`; says how many lines were lost. */
export function createOutputLogger(level: LogLevel, output: LogOutput): Logger {
  const logger = createLogger(level, output);
  output.onRoom = (lost) => logger.warn({ lost }, 'log lines dropped');
  return logger;
}

/** What the driver says of a constraint beside its name (`detail`, `parameters`) is the row itself: PEM, comments, names. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, table } = error as Error & Partial<Record<'code' | 'constraint' | 'table', unknown>>;
  return { type: error.name, message: error.message, stack: error.stack, code, constraint, table };
}

/**
 * Text of a caller as it may stand in a log: control characters, and those that turn the direction of a line around,
 * would let a request write what looks like another line.
 */
export function asciiOf(text: string, limit = 300): string {
  const escaped = text.replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return escaped.length > limit ? `${escaped.slice(0, limit)}…` : escaped;
}

/** Nest's own messages in the same stream; its start-up chatter is for developers. */
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
