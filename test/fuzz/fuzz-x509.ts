// npm run fuzz:x509 [-- --minutes N] [--seed S] [--corpus DIR] [--input FILE]: reads, searches and formats what mutations
// make of certificates, PEM texts, PKCS#12 files and sets. It ends with 1 if there is a finding, whose input is written
// to .cache/fuzz-findings. The same seed makes the same mutations, but of certificates with new keys: a finding is
// repeated by its file.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { readPem } from '../../src/x509/certificate/pem.js';
import { checkCase } from './check-case.js';
import { readCase } from './fuzz-case.js';
import type { WorkerFinding, WorkerInput } from './fuzz-worker.js';

const FINDINGS = '.cache/fuzz-findings';
const MAX_TEXT = 16 * 1024 * 1024;
const MEBIBYTE = 2 ** 20;
/** Of the whole process; the heap of the worker has its own limit. */
const MAX_MEMORY = 1024 * MEBIBYTE;
const MAX_HEAP_MEBIBYTES = 256;
const CHECK_INTERVAL = 500;
const PROGRESS_INTERVAL = 30_000;
/** On a busy machine; what takes more than one second of processor time is a finding in any case. */
const MAX_SILENCE = 60_000;
/** One fault is found again and again. */
const MAX_FINDINGS = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    corpus: { type: 'string' },
    input: { type: 'string' },
  },
});

const findings = new Set<string>();

function report(message: string, input: Buffer | string): void {
  // The place in the source tells faults apart, the message alone does not.
  const fault = message.split('\n').slice(0, 3).join('\n');
  if (findings.has(fault)) return;
  findings.add(fault);
  mkdirSync(FINDINGS, { recursive: true });
  const file = join(FINDINGS, `${seed}-${findings.size}.json`);
  writeFileSync(file, input);
  console.log(`FINDING ${file}: ${message}`);
}

function readCorpus(folder: string): Uint8Array[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = readFileSync(join(entry.parentPath, entry.name));
      const pem = readPem(file.toString('latin1'));
      return pem.ok ? pem.der : file;
    });
}

async function fuzz(minutes: number): Promise<void> {
  const corpus = values.corpus === undefined ? [] : readCorpus(values.corpus);
  const ends = performance.now() + minutes * 60_000;
  let inputs = 0;
  for (let run = 0; performance.now() < ends && findings.size < MAX_FINDINGS; run += 1) {
    inputs += await fuzzWithOneWorker({ seed: seed + run, corpus }, ends, inputs);
  }
  console.log(`${inputs} inputs, ${findings.size} findings, seed ${seed}.`);
}

/** Until the time is over, or the worker has to be replaced. Returns the number of inputs. */
async function fuzzWithOneWorker(
  input: Pick<WorkerInput, 'seed' | 'corpus'>,
  ends: number,
  before: number,
): Promise<number> {
  const current = new SharedArrayBuffer(MAX_TEXT);
  const state = new SharedArrayBuffer(8);
  const [length, number] = [() => Atomics.load(numbers, 0), () => Atomics.load(numbers, 1)];
  const numbers = new Int32Array(state);
  const currentInput = () => Buffer.from(Buffer.from(current).subarray(0, length()));
  const worker = new Worker(new URL('fuzz-worker.js', import.meta.url), {
    workerData: { ...input, current, state } satisfies WorkerInput,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MEBIBYTES },
  });
  const exit = new AbortController();
  worker.on('message', ({ message, fuzzed }: WorkerFinding) => report(message, JSON.stringify(fuzzed)));
  worker.on('error', (error) =>
    report(error instanceof Error ? (error.stack ?? error.message) : String(error), currentInput()),
  );
  worker.on('exit', () => exit.abort());
  let seen = { number: 0, at: performance.now() };
  let shownAt = performance.now();
  while (!exit.signal.aborted && performance.now() < ends && findings.size < MAX_FINDINGS) {
    await delay(CHECK_INTERVAL);
    const now = performance.now();
    if (number() !== seen.number) seen = { number: number(), at: now };
    const memory = process.memoryUsage.rss();
    if (now - shownAt >= PROGRESS_INTERVAL) {
      shownAt = now;
      const minutes = Math.ceil((ends - now) / 60_000);
      console.log(
        `${before + number()} inputs, ${findings.size} findings, ${Math.round(memory / MEBIBYTE)} MiB, ${minutes} min left`,
      );
    }
    const isSilent = now - seen.at > MAX_SILENCE;
    if (isSilent) report(length() === 0 ? 'An input cannot be made.' : 'An input does not end.', currentInput());
    if (memory > MAX_MEMORY) report('The memory is not bounded.', currentInput());
    if (isSilent || memory > MAX_MEMORY) break;
  }
  await worker.terminate();
  return number();
}

const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (values.input === undefined) {
  console.log(`seed ${seed}`);
  await fuzz(Number(values.minutes));
  process.exitCode = findings.size === 0 ? 0 : 1;
} else {
  checkCase(readCase(readFileSync(values.input)));
  console.log('No finding.');
}
