import { parentPort } from 'node:worker_threads';

// Replaces the program that parses large bodies, and misbehaves as the body asks.
parentPort.on('message', (bytes) => {
  const text = Buffer.from(bytes).toString();
  if (text === 'end') process.exit();
  if (text === 'throw') throw new Error('a defect');
  if (text === 'grow') grow();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has none
  parentPort.postMessage({ kind: 'parsed', value: text });
});

function grow() {
  const kept = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, () => ({})));
}
