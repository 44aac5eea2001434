import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { byteArraysOf, parseLargeJson } from './large-json.js';

/** Of Linux alone, where a thread has a priority of its own. */
const LOWER_PRIORITY = 5;

// The program of the thread that parses large bodies, one after the other. Where processors are few, answering others comes
// first.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

parentPort?.on('message', (sent: Uint8Array<ArrayBuffer>) => {
  const answer = parseLargeJson(Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength));
  const buffers = answer.kind === 'parsed' ? byteArraysOf(answer.value).map(({ buffer }) => buffer) : [];
  parentPort?.postMessage(answer, buffers);
});
