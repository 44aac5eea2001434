import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { CertificateEvaluation } from './certificate-evaluation.js';
import type { MessageToEvaluation } from './evaluation-message.js';

/** Nice value. Used only on Linux, where each thread has its own priority. */
const LOWER_PRIORITY = 5;

// The worker thread that evaluates stored certificates, one question at a time. Serving requests has priority.
if (process.platform === 'linux') setPriority(LOWER_PRIORITY);

const evaluation = new CertificateEvaluation();

parentPort?.on('message', (message: MessageToEvaluation) => {
  const answer = evaluation.answer(message);
  if (answer !== undefined) parentPort?.postMessage(answer, []);
});
