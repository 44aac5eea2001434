import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { crlIndex } from './crl-index.js';

/** Nice value. Used only on Linux, where each thread has its own priority. */
const LOWER_PRIORITY = 5;

// The worker thread that reads CRLs, one at a time. With few processors, serving requests has priority.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

parentPort?.on('message', (sent: Uint8Array<ArrayBuffer>) => {
  const answer = crlIndex(sent);
  const { index } = answer;
  const arrays = index === undefined ? [] : [index.keys.buffer, index.issuerChanges.buffer];
  parentPort?.postMessage(answer, [answer.der.buffer, ...arrays]);
});
