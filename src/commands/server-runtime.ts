import type { Pool } from 'pg';

import { CertificateEvaluator } from '../certificates/evaluation/certificate-evaluator.js';
import { SystemClock } from '../common/clock.js';
import { SystemScheduler } from '../common/scheduler.js';
import type { Settings } from '../config/settings.js';
import { JsonWorker } from '../http/json-worker.js';
import type { LogOutput } from '../http/log-output.js';
import { createOutputLogger } from '../http/logger.js';
import { Pkcs12Reader } from '../keystores/pkcs12-reader.js';
import type { Runtime } from '../runtime.module.js';
import { CrlReader } from '../trust/revocation/crl-reader.js';

/** The runtime of a process that serves. */
export function runtimeOf(settings: Settings, pool: Pool, output: LogOutput): Runtime {
  return {
    settings,
    clock: new SystemClock(),
    scheduler: new SystemScheduler(),
    logger: createOutputLogger(settings.logLevel, output),
    droppedLogLines: () => output.droppedLines,
    pool,
    pkcs12Reader: new Pkcs12Reader({ workers: settings.workers }),
    jsonWorker: new JsonWorker(),
    crlReader: new CrlReader(),
    certificateEvaluator: new CertificateEvaluator(),
  };
}
