import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { JsonWorker } from './json-worker.js';

const root = join(import.meta.dirname, '..', '..');
/** The output of `npm run build`, as Node cannot run the sources. */
const BUILT = join(root, 'dist', 'src', 'http', 'json-worker-program.js');
const ENDING = join(root, 'test', 'support', 'ending-json-worker.mjs');

function workerOf(program: string): JsonWorker {
  const worker = new JsonWorker(program);
  onTestFinished(async () => await worker.close());
  return worker;
}

test('7.1 large bodies are parsed in order, each with its own result', async () => {
  const worker = workerOf(BUILT);
  const texts = ['{"a":1}', '{', JSON.stringify({ p12: Array.from({ length: 2_000 }, () => 5), b: '\ud800' })];
  const answers = await Promise.all(texts.map(async (text) => await worker.parse(Buffer.from(text))));
  expect(answers).toEqual([
    { kind: 'parsed', value: { a: 1 } },
    { kind: 'malformed', message: 'is not JSON: it ends too early, at line 1, column 2' },
    { kind: 'parsed', value: { p12: new Uint8Array(2_000).fill(5), b: '\ud800' } },
  ]);
});

test('callers of a thread that ends get 503, and the next body is parsed by a new thread', async () => {
  const worker = workerOf(ENDING);
  const ending = [worker.parse(Buffer.from('end')), worker.parse(Buffer.from('answer'))];
  for (const outcome of await Promise.allSettled(ending)) {
    expect(outcome).toMatchObject({ reason: { code: 'errors.unavailable', retryAfterSeconds: 1 } });
  }
  expect(await worker.parse(Buffer.from('answer'))).toEqual({ kind: 'parsed', value: 'answer' });
});

test('a thread over its memory limit ends without the process', async () => {
  const worker = workerOf(ENDING);
  await expect(worker.parse(Buffer.from('grow'))).rejects.toMatchObject({ code: 'errors.unavailable' });
});

test('a defect of the thread is an error, and so is a missing program', async () => {
  await expect(workerOf(ENDING).parse(Buffer.from('throw'))).rejects.toThrow('a defect');
  await expect(workerOf(`${ENDING}.absent`).parse(Buffer.from('{}'))).rejects.toThrow('Cannot find module');
});
