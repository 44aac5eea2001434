import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { crlIndex, type CrlIndexRequest } from './crl-index.js';

/** Nice value. Used only on Linux, where each thread has its own priority. */
const LOWER_PRIORITY = 5;

// The worker thread that reads CRLs, one at a time. With few processors, serving requests has priority.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

parentPort?.on('message', (request: CrlIndexRequest) => {
  const answer = crlIndex(request);
  if ('problem' in answer) {
    parentPort?.postMessage(answer);
    return;
  }
  const arrays = answer.index === undefined ? [] : [answer.index.keys, answer.index.issuerChanges];
  parentPort?.postMessage(
    answer,
    [answer.der, ...arrays].map(({ buffer }) => buffer),
  );
});
