// Stands in for the thread that reads CRLs: the bytes say how it misbehaves.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', ({ bytes }) => {
  const text = Buffer.from(bytes).toString();
  if (text === 'end') process.exit();
  if (text === 'grow') {
    const kept = [];
    for (;;) kept.push(Array.from({ length: 1000 }, () => ({})));
  }
  if (text === 'hang') for (;;);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has none
  parentPort.postMessage({ problem: 'answered' });
});
