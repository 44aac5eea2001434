// A forked process that sends requests at fixed times, however long the answers take, and measures from the time when due.
// It has its own process, so that its parent does not delay it.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { Call, Load, Operation, Sample } from './messages.js';

/** The timeout of a request. */
const TIMEOUT_MS = 30_000;

const agent = new Agent({ keepAlive: true, timeout: 3_000 });

async function make(port: number, { method, path, headers, body }: Call, fresh: boolean): Promise<string> {
  return await new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, method, path, headers, agent: fresh ? false : agent };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(String(answer.statusCode)));
      answer.once('error', (error) => resolve(error.message));
    });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    sent.once('error', (error) => resolve(error.message));
    sent.once('close', () => clearTimeout(timer));
    sent.end(body);
  });
}

/** Makes the calls of the operation in turn until the signal; resolves once all are answered. */
async function repeat(port: number, operation: Operation, signal: AbortSignal): Promise<readonly Sample[]> {
  const { name, perSecond, calls, fresh } = operation;
  const answers: Promise<Sample>[] = [];
  const start = performance.now();
  while (!signal.aborted) {
    // Between the others of its kind, and not at the same time as all other operations.
    const due = start + ((answers.length + perSecond / 37) * 1000) / perSecond;
    await pause(Math.max(0, due - performance.now()));
    const call = calls[rounds % calls.length] as Call;
    rounds += 1;
    const answer = make(port, call, fresh);
    answers.push(answer.then((outcome) => ({ name, outcome, milliseconds: performance.now() - due })));
  }
  return await Promise.all(answers);
}

let rounds = 0;
let load: Load | undefined;
let end = new AbortController();

process.on('disconnect', () => process.exit());
process.on('message', (message: Load | 'start' | 'stop') => {
  if (message === 'stop') end.abort();
  else if (message === 'start') void run();
  else load = message;
});

async function run(): Promise<void> {
  end = new AbortController();
  const { port, operations } = load as Load;
  const samples = await Promise.all(operations.map(async (operation) => await repeat(port, operation, end.signal)));
  process.send?.(samples.flat());
}
