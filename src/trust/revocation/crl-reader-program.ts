import { parentPort } from 'node:worker_threads';

import { lowerPriority } from '../../system/priority.js';
import { crlIndex, type CrlIndexAnswer, type CrlIndexRequest } from './indexed-crl.js';

// The worker thread that reads CRLs, one at a time. With few processors, serving requests has priority.
lowerPriority();

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
