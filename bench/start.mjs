// Measures the time from the start of the program to its first answer, on a data directory that exists: the embedded
// PostgreSQL starts, the schema is checked, and the port is opened.
//   npm run bench:start [-- --times 10]
// Prints the median and the slowest, and the processor time, which other work on the machine hardly changes; exits with 1 if
// the median is above 2.5 s. Linux only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { endWithSignal } from './support/ending.mjs';
import { median } from './support/median.mjs';
import { numericOptions } from './support/numeric-options.mjs';
import { processorMs } from './support/processor.mjs';
import { freePort, SERVERS, V8_OPTIONS } from './support/servers.mjs';

const { times: TIMES } = numericOptions({ times: 10 });
const MAX_MS = 2_500;
const GIVE_UP_MS = 60_000;
const STEP_MS = 5;

await using ending = endWithSignal();
const folder = await mkdtemp(join(tmpdir(), 'certkeep-bench-start-'));
ending.defer(async () => await rm(folder, { recursive: true, force: true }));

console.log(`The first start, which makes the data directory: ${(await startOnce()).waited} ms`);
const starts = [];
for (let time = 0; time < TIMES; time += 1) starts.push(await startOnce());
const times = starts.map(({ waited }) => waited);
const typical = median(times);
const met = typical <= MAX_MS;
console.log(
  `${met ? '✓' : '✗'} start to first answer: ${typical} ms (median of ${TIMES}, ≤ ${MAX_MS}), the slowest ${Math.max(...times)} ms`,
);
console.log(
  `Processor time of the program until then: ${median(starts.map(({ processor }) => processor))} ms (median)`,
);
if (!met) process.exitCode = 1;

async function startOnce() {
  const port = await freePort();
  const logFile = join(folder, 'log');
  const log = await open(logFile, 'w');
  const started = performance.now();
  const child = spawn(process.execPath, [...V8_OPTIONS, '--enable-source-maps', SERVERS.certkeep], {
    env: { ...process.env, CERTKEEP_DATA: join(folder, 'data'), HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const exited = once(child, 'exit');
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null || performance.now() - started > GIVE_UP_MS) {
        throw new Error(`It did not start:\n${await readFile(logFile, 'utf8')}`);
      }
      await after(STEP_MS);
    }
    return { waited: Math.round(performance.now() - started), processor: await processorMs(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
}

async function isReady(port) {
  return await fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
