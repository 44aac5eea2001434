import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { exportName, UnverifiedExportError, writeExport } from '../audit/export-file.js';
import { countRange, type ExportedRange, isKnownClient, readEvents } from '../audit/exported-event.js';
import { diskProblemOf } from '../common/disk-problem.js';
import { isClientExternalId } from '../common/external-id.js';
import { parseInstant } from '../common/instant.js';
import { StartError } from '../common/start-error.js';
import { readSettings } from '../config/read-settings.js';
import { Database } from '../database/database.js';
import { ProgressBar } from './progress-bar.js';
import { ignoreClosedOutput, print, reportAndExit, UsageError } from './report.js';
import { connectBesideServer } from './running-database.js';
import { Shutdown } from './shutdown.js';

const HELP = `Usage: npm run audit:export -- --client CLIENT [options]

Writes a client's audit events to a file: NDJSON compressed by zstd, and beside it its SHA-256 for sha256sum --check.
The server may keep running.

  --client CLIENT   extId of the client, deleted or not; required
  --from TIME       events at this time or later, such as 2026-01-01T00:00:00Z
  --to TIME         events before this time
  --output FILE     default: audit-CLIENT.ndjson.zst in the current folder; never overwritten
  --help`;

interface Arguments extends Omit<ExportedRange, 'table'> {
  readonly clientExtId: string;
  readonly output: string;
}

async function run(args: readonly string[]): Promise<void> {
  const read = readArguments(args);
  if (read === undefined) {
    print(HELP);
    return;
  }
  const { output, ...asked } = read;
  for (const path of [output, `${output}.sha256`]) {
    if (existsSync(path)) throw new UsageError(`${path} exists already. Name another file with --output.`);
  }
  const range = { table: 'audit_log', ...asked };
  const settings = readSettings();
  const shutdown = new Shutdown(print);
  await shutdown.during(async () => {
    const database = new Database(await connectBesideServer(settings, shutdown));
    if (!(await isKnownClient(database, asked.clientExtId))) {
      throw new UsageError(`There is no client ${asked.clientExtId}, and no audit event of one.`);
    }
    const bar = new ProgressBar(await countRange(database, range), 'events');
    const { events } = await writeExport(output, readEvents(database, range), (done) => bar.show(done)).catch(
      (error: unknown) => {
        throw notWritten(output, error);
      },
    );
    bar.end();
    print(
      `${events} events of client ${asked.clientExtId} in ${output}; check it with: sha256sum --check ${output}.sha256`,
    );
  });
  await shutdown.takeSteps();
}

/** What the database says is reported as it is. */
function notWritten(output: string, error: unknown): unknown {
  if (error instanceof UnverifiedExportError) return new StartError(error.message, { cause: error });
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const { cause, remedy } = diskProblemOf(error.message, 'Make its folder one that can be written to');
  return new StartError(`${output} could not be written: ${cause}. ${remedy}, or name another file with --output.`, {
    cause: error,
  });
}

/** Undefined: help is wanted. */
function readArguments(args: readonly string[]): Arguments | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const { client } = values;
  if (client === undefined || !isClientExternalId(client)) {
    throw new UsageError(`--client must be the extId of a client.\n\n${HELP}`);
  }
  const from = readTime('--from', values.from);
  const to = readTime('--to', values.to);
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError('--from must be earlier than --to.');
  return {
    clientExtId: client,
    from,
    to,
    output: values.output ?? exportName(client),
  };
}

function readTime(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) throw new UsageError(`${option} must be a date and time such as 2026-01-31T00:00:00Z.`);
  return instant;
}

const TEXT = { type: 'string' } as const;

function parse(args: readonly string[]) {
  const options = {
    client: TEXT,
    from: TEXT,
    to: TEXT,
    output: TEXT,
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
}

ignoreClosedOutput();
run(process.argv.slice(2)).then(() => process.exit(0), reportAndExit);
