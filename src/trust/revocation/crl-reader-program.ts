import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { crlIndex, type CrlIndexAnswer, type CrlIndexRequest } from './indexed-crl.js';

/** Nice value. Used only on Linux, where each thread has its own priority. */
const LOWER_PRIORITY = 5;

// The worker thread that reads CRLs, one at a time. With few processors, serving requests has priority.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

parentPort?.on('message', (request: CrlIndexRequest) => {
  const answer = crlIndex(request);
  parentPort?.postMessage(answer, buffersOf(answer));
});

/** They are transferred. */
function buffersOf(answer: CrlIndexAnswer): ArrayBuffer[] {
  if ('problem' in answer) return [];
  const arrays = answer.index === undefined ? [] : [answer.index.keys, answer.index.issuerChanges];
  return [answer.der, ...arrays].map(({ buffer }) => buffer);
}
