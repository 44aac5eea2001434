import type { MetricObjectWithValues, MetricValue } from 'prom-client';

import type { TlsSettings } from '../../config/tls-settings.js';

// What the main process and its workers tell each other. Each sends objects of its own type only.

export type MetricsOfProcess = readonly MetricObjectWithValues<MetricValue<string>>[];

export interface WorkerStart {
  /** The embedded mode's; otherwise the worker reads the setting. */
  readonly databaseUrl: string | undefined;
  readonly tls: TlsSettings | undefined;
  /** The inherited descriptors of the sockets to listen on. */
  readonly sockets: { readonly plain: readonly number[]; readonly tls: readonly number[] };
}

export type MessageToWorker =
  | { readonly kind: 'start'; readonly start: WorkerStart }
  /** `isReplaced`: another worker already listens on the same sockets, so the server stays ready. */
  | { readonly kind: 'end'; readonly drainMs: number; readonly isReplaced: boolean }
  | { readonly kind: 'collect' }
  | { readonly kind: 'metrics'; readonly text: string };

export type MessageFromWorker =
  | { readonly kind: 'listening' }
  /** Sent again and again, so that the main process notices an event loop that has stopped. */
  | { readonly kind: 'turning' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'collected'; readonly metrics: MetricsOfProcess }
  /** Somebody has asked this worker for the metrics of the server. */
  | { readonly kind: 'asked' };
