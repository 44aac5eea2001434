import { extname } from 'node:path';
import { parseArgs } from 'node:util';

import { UsageError } from './report.js';
import { readClient, readServerUrl } from './server-arguments.js';

export const IMPORT_HELP = `Usage: npm run -s import -- FILE --server URL --client CLIENT [--dry-run]

Imports users and certificates from FILE, which is CSV (.csv) or NDJSON (.ndjson, .jsonl): creates what does not exist, changes
what differs, and leaves the rest as it is. Prints the lines that are refused, with the reasons, and a summary. Exit code: 0
if no line was refused, 1 if some were or the import failed, 2 for wrong arguments.

The bearer token is in the environment variable CERTKEEP_TOKEN, or in the file that CERTKEEP_TOKEN_FILE names.
  --server URL       such as http://127.0.0.1:3000; required
  --client CLIENT    extId of the client; required
  --dry-run          says what would be done, and changes nothing
  --format FORMAT    csv or ndjson, for a file with another name
  --help`;

export interface ImportArguments {
  readonly file: string;
  readonly format: 'csv' | 'ndjson';
  readonly url: URL;
  readonly clientExtId: string;
  readonly dryRun: boolean;
}

const BY_EXTENSION: Readonly<Record<string, ImportArguments['format']>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

/** Undefined: help is wanted. */
export function readImportArguments(args: readonly string[]): ImportArguments | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError(`Name one file.\n\n${IMPORT_HELP}`);
  if (values.server === undefined) throw new UsageError('--server is required.');
  return {
    file,
    format: formatOf(values.format, file),
    url: readServerUrl(values.server),
    clientExtId: readClient(values.client),
    dryRun: values['dry-run'],
  };
}

function formatOf(named: string | undefined, file: string): ImportArguments['format'] {
  if (named === 'csv' || named === 'ndjson') return named;
  const format = named === undefined ? BY_EXTENSION[extname(file).toLowerCase()] : undefined;
  if (format !== undefined) return format;
  throw new UsageError('--format must be csv or ndjson.');
}

function parse(args: readonly string[]) {
  const options = {
    server: { type: 'string' },
    client: { type: 'string' },
    format: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${IMPORT_HELP}`);
  }
}
