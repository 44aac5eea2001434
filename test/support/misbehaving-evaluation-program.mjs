import { parentPort } from 'node:worker_threads';

// Replaces the program that evaluates certificates, and misbehaves as the client of the set is called.
parentPort.on('message', ({ kind, set, certificates }) => {
  if (kind !== 'paths') return;
  const [client] = set.split(' ');
  if (client === 'end') process.exit();
  if (client === 'throw') throw new Error('a defect');
  if (client === 'hang') for (;;);
  const answer =
    client === 'forget'
      ? { kind: 'missing', sets: [], evidence: [] }
      : { kind: 'paths', certificates: certificates.map(() => ({ path: { kind: 'unproven' }, named: [] })) };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread has none
  parentPort.postMessage(answer);
});
