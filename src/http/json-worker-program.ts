import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { byteArraysOf, parseLargeJson } from './large-json.js';

/** Nice value. Used only on Linux, where each thread has its own priority. */
const LOWER_PRIORITY = 5;

// The worker thread that parses large bodies, one at a time. With few processors, serving other requests has priority.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

parentPort?.on('message', (sent: Uint8Array<ArrayBuffer>) => {
  const answer = parseLargeJson(Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength));
  const buffers = answer.kind === 'parsed' ? byteArraysOf(answer.value).map(({ buffer }) => buffer) : [];
  parentPort?.postMessage(answer, buffers);
});
