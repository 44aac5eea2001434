import { writeFileSync } from 'node:fs';

import { SystemClock } from '../common/clock.js';
import { StartError } from '../common/start-error.js';
import { runConformance } from '../conformance/run-conformance.js';
import { formatTallies } from '../conformance/tally.js';
import { CONFORMANCE_HELP, readConformanceArguments } from './conformance-arguments.js';
import { ProgressBar } from './progress-bar.js';
import { ignoreClosedOutput, print, reportAndExit } from './report.js';

function run(args: readonly string[]): void {
  const read = readConformanceArguments(args);
  if (read === undefined) {
    print(CONFORMANCE_HELP);
    return;
  }
  let bar: ProgressBar | undefined;
  const { report, tallies, mistakes } = runConformance(read, new SystemClock().now(), (done, total) => {
    bar ??= new ProgressBar(total, 'cases');
    bar.show(done);
  });
  bar?.end();
  if (read.json !== undefined) write(read.json, `${JSON.stringify(report, undefined, 1)}\n`);
  print(formatTallies(tallies));
  for (const { input, name, outcome } of mistakes) print(`${input}: ${name}: ${outcome}`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new StartError(`${file} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}

ignoreClosedOutput();
try {
  run(process.argv.slice(2));
} catch (error) {
  reportAndExit(error);
}
