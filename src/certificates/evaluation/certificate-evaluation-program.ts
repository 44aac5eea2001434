import { parentPort } from 'node:worker_threads';

import { lowerPriority } from '../../system/priority.js';
import { CertificateEvaluation } from './certificate-evaluation.js';
import type { MessageToEvaluation } from './evaluation-message.js';

// The worker thread that evaluates stored certificates, one question at a time. Serving requests has priority.
lowerPriority();

const evaluation = new CertificateEvaluation();

parentPort?.on('message', (message: MessageToEvaluation) => {
  const answer = evaluation.answer(message);
  if (answer !== undefined) parentPort?.postMessage(answer, []);
});
