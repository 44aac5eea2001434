import { parentPort } from 'node:worker_threads';

import { lowerPriority } from '../system/priority.js';
import { byteArraysOf, parseLargeJson } from './large-json.js';

// The worker thread that parses large bodies, one at a time. With few processors, serving other requests has priority.
lowerPriority();

parentPort?.on('message', (sent: Uint8Array<ArrayBuffer>) => {
  const answer = parseLargeJson(Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength));
  const buffers = answer.kind === 'parsed' ? byteArraysOf(answer.value).map(({ buffer }) => buffer) : [];
  parentPort?.postMessage(answer, buffers);
});
