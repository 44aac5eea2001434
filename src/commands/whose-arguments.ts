import { parseArgs } from 'node:util';

import { UsageError } from './report.js';
import { readClient, readServerUrl } from './server-arguments.js';

export const WHOSE_HELP = `Usage: npm run -s whose -- FILE|TEXT… --server URL --client CLIENT

Asks a server which certificates match, and whose they are. FILE contains a certificate (PEM or DER) or text. TEXT is a
fingerprint with or without colons, a serial number in hex or decimal, a distinguished name or a part of a name, an e-mail
address, or an extId. Several words are one text. Prints each meaning that the text may have, and what was found. Exit code:
0 if something was found, 1 if not, 2 for wrong arguments.

The bearer token (CredentialView) is in the environment variable CERTKEEP_TOKEN, or in the file that CERTKEEP_TOKEN_FILE
names.
  --server URL       such as http://127.0.0.1:3000; required
  --client CLIENT    extId of the client; required
  --help`;

export interface WhoseArguments {
  readonly words: readonly string[];
  readonly url: URL;
  readonly clientExtId: string;
}

/** Undefined: help is wanted. */
export function readWhoseArguments(args: readonly string[]): WhoseArguments | undefined {
  const { values, positionals: words } = parse(args);
  if (values.help) return undefined;
  if (words.length === 0) throw new UsageError(`Name a file or a text.\n\n${WHOSE_HELP}`);
  if (values.server === undefined) throw new UsageError('--server is required: the certificates are on a server.');
  return { words, url: readServerUrl(values.server), clientExtId: readClient(values.client) };
}

function parse(args: readonly string[]) {
  const options = {
    server: { type: 'string' },
    client: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${WHOSE_HELP}`);
  }
}
