import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { printable } from '../common/printable.js';
import { StartError } from '../common/start-error.js';
import { readCallerToken } from '../config/caller-token.js';
import { IMPORT_HELP, type ImportArguments, readImportArguments } from './import-arguments.js';
import { type Counts, ImportClient, resultLines } from './import-client.js';
import { ProgressBar } from './progress-bar.js';
import { ignoreClosedOutput, print, reportAndExit, UsageError } from './report.js';
import { asUsage } from './server-arguments.js';

const POLL_MS = 500;

/** The exit code. */
async function run(args: readonly string[]): Promise<number> {
  const read = readImportArguments(args);
  if (read === undefined) {
    print(IMPORT_HELP);
    return 0;
  }
  const { url, clientExtId, dryRun } = read;
  const client = new ImportClient({ url, clientExtId, token: asUsage(readCallerToken) });
  const answer = await sendFile(client, read);
  const counts = await printRefusals(dryRun ? answer : await resultsOfJob(client, answer));
  const { total, changed, unchanged, refused, gone, status } = counts;
  const verb = dryRun ? 'would be changed' : 'changed';
  print(`${total} lines: ${changed} ${verb}, ${unchanged} unchanged, ${refused + gone} refused.`);
  if (status === 'stopped') print('Somebody has stopped the import; the other lines were not imported.');
  return refused + gone > 0 || status === 'stopped' ? 1 : 0;
}

async function sendFile(client: ImportClient, { file, format, dryRun }: ImportArguments): Promise<Response> {
  const bar = new ProgressBar(sizeOf(file), 'bytes sent');
  try {
    return await client.post({ file, format, dryRun, onSent: (bytes) => bar.show(bytes) });
  } finally {
    bar.end();
  }
}

/** Waits for the end of the job. */
async function resultsOfJob(client: ImportClient, answer: Response): Promise<Response> {
  const location = answer.headers.get('location');
  await answer.body?.cancel();
  if (location === null) throw new StartError('The server did not say where the job is.');
  let bar: ProgressBar | undefined;
  try {
    for (;;) {
      const { total, changed, unchanged, refused, gone, status } = await client.job(location);
      bar ??= new ProgressBar(total, 'lines');
      bar.show(changed + unchanged + refused + gone);
      if (status === 'completed' || status === 'stopped') break;
      await pause(POLL_MS);
    }
  } catch (error) {
    process.stderr.write(`\nThe import continues on the server. GET ${location} shows its progress.\n`);
    throw error;
  } finally {
    bar?.end();
  }
  return await client.results(location);
}

async function printRefusals(response: Response): Promise<Counts> {
  const lines = resultLines(response);
  for (let step = await lines.next(); ; step = await lines.next()) {
    if (step.done === true) return step.value;
    const { position, userExtId, result, messages } = step.value;
    if (result !== 'refused' && result !== 'gone') continue;
    const user = userExtId === undefined ? '' : ` (${printable(userExtId)})`;
    print(`Line ${position}${user}: ${messages.map((message) => printable(message)).join(' ')}`);
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`);
  }
}

ignoreClosedOutput();
run(process.argv.slice(2)).then((code) => process.exit(code), reportAndExit);
