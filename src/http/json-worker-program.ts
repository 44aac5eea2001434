import { parentPort } from 'node:worker_threads';

import { byteArraysOf, parseLargeJson } from './large-json.js';

// The program of the thread that parses large bodies, one after the other.
parentPort?.on('message', (sent: Uint8Array<ArrayBuffer>) => {
  const answer = parseLargeJson(Buffer.from(sent.buffer, sent.byteOffset, sent.byteLength));
  const buffers = answer.kind === 'parsed' ? byteArraysOf(answer.value).map(({ buffer }) => buffer) : [];
  parentPort?.postMessage(answer, buffers);
});
