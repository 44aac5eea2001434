import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';

import { readCallerToken } from '../config/caller-token.js';
import { painter } from '../explanation/format-explanation.js';
import { formatLookup } from '../explanation/format-lookup.js';
import { lookUp } from '../explanation/look-up.js';
import { OutgoingClient } from '../outgoing/outgoing-client.js';
import { contentOf } from './certificate-files.js';
import { ignoreClosedOutput, print, reportAndExit, UsageError } from './report.js';
import { asUsage } from './server-arguments.js';
import { readWhoseArguments, WHOSE_HELP } from './whose-arguments.js';

/** In characters; a server accepts no more. */
const MAX_TEXT = 65_536;

/** The exit code. */
async function run(args: readonly string[]): Promise<number> {
  const read = readWhoseArguments(args);
  if (read === undefined) {
    print(WHOSE_HELP);
    return 0;
  }
  const { words, url, clientExtId } = read;
  const token = asUsage(readCallerToken);
  const readings = await lookUp(new OutgoingClient(), { url, token }, clientExtId, textOf(words));
  print(formatLookup(readings, painter(process.stdout.isTTY && process.stdout.hasColors())));
  return readings.some(({ certificates }) => certificates.length > 0) ? 0 : 1;
}

/** The content of the file with this name, or the words themselves. DER is sent as base64. */
function textOf(words: readonly string[]): string {
  const [word = ''] = words;
  const text = words.length === 1 && existsSync(word) ? asText(contentOf(word)) : words.join(' ');
  if (text.trim() === '') throw new UsageError('The text is empty.');
  if (text.length > MAX_TEXT) throw new UsageError(`The text has more than ${MAX_TEXT} characters.`);
  return text;
}

function asText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64');
}

ignoreClosedOutput();
run(process.argv.slice(2)).then((code) => process.exit(code), reportAndExit);
