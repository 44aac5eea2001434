import { parentPort, workerData } from 'node:worker_threads';

import { randomFrom } from '../support/random.js';
import { checkCase } from './check-case.js';
import type { FuzzCase } from './fuzz-case.js';
import { CaseMaker } from './make-case.js';
import { makeSeeds } from './seeds.js';

export interface WorkerInput {
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  /** The current input as text, so that it is known even if it never ends; its length and its number. */
  readonly current: SharedArrayBuffer;
  readonly state: SharedArrayBuffer;
}

export interface WorkerFinding {
  readonly message: string;
  readonly fuzzed: FuzzCase;
}

/** New keys and certificates after so many inputs. */
const INPUTS_OF_ONE_WORLD = 5_000;

const { seed, corpus, current, state } = workerData as WorkerInput;
const text = Buffer.from(current);
const [LENGTH, NUMBER] = [0, 1];
const numbers = new Int32Array(state);
const random = randomFrom(seed);

let maker = newMaker();

function newMaker(): CaseMaker {
  return new CaseMaker(
    makeSeeds(),
    corpus.map((octets) => Buffer.from(octets)),
  );
}

for (let number = 1; ; number += 1) {
  if (number % INPUTS_OF_ONE_WORLD === 0) maker = newMaker();
  Atomics.store(numbers, LENGTH, 0);
  const fuzzed = maker.make(random);
  Atomics.store(numbers, LENGTH, text.write(JSON.stringify(fuzzed)));
  Atomics.store(numbers, NUMBER, number);
  try {
    checkCase(fuzzed);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ message, fuzzed } satisfies WorkerFinding, []);
  }
}
