import { parentPort } from 'node:worker_threads';

// Replaces the program that evaluates certificates, and misbehaves as the client asks.
parentPort.on('message', ({ kind, clientExtId, certificates }) => {
  if (kind !== 'paths') return;
  if (clientExtId === 'end') process.exit();
  if (clientExtId === 'throw') throw new Error('a defect');
  if (clientExtId === 'hang') for (;;);
  const answer =
    clientExtId === 'forget'
      ? { kind: 'missing', sets: [], evidence: [] }
      : { kind: 'paths', certificates: certificates.map(() => ({ path: { kind: 'unproven' }, open: [] })) };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has none
  parentPort.postMessage(answer);
});
