import { parentPort } from 'node:worker_threads';

// Stands in for the program that parses large bodies, and does what the body says.
parentPort.on('message', (bytes) => {
  const text = Buffer.from(bytes).toString();
  if (text === 'end') process.exit();
  if (text === 'throw') throw new Error('a defect');
  const kept = [];
  while (text === 'grow') kept.push(Array.from({ length: 100_000 }, () => ({})));
  parentPort.postMessage({ kind: 'parsed', value: text });
});
