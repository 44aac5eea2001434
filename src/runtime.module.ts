import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import type { Logger } from 'pino';

import { CertificateEvaluator } from './certificates/evaluation/certificate-evaluator.js';
import { PathTurns } from './certificates/path-turns.js';
import { Clock } from './common/clock.js';
import { LOGGER } from './common/logger.token.js';
import { LongRequestTurns } from './common/long-request-turns.js';
import { Scheduler } from './common/scheduler.js';
import { type Settings, SETTINGS } from './config/settings.js';
import { Connections as DatabaseConnections } from './database/connections.js';
import { BackgroundDatabase, Database } from './database/database.js';
import { LeaderWork } from './database/leader-work.js';
import { Leader } from './database/leader.js';
import { ReplicaWatch } from './database/replica-watch.js';
import { Replica } from './database/replica.js';
import { Searches } from './database/searches.js';
import { largeBodies } from './http/body-bytes.js';
import { ClientCertificates } from './http/client-certificate/client-certificates.js';
import { Connections } from './http/connections.js';
import { JsonWorker } from './http/json-worker.js';
import { Metrics } from './http/metrics.js';
import { largePages } from './http/page-replies.js';
import { Pkcs12Reader } from './keystores/pkcs12-reader.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { CrlReader } from './trust/revocation/crl-reader.js';

/**
 * Everything that exists before the application, and that tests replace: settings, clock, log, database and workers.
 */
export interface Runtime {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  /** Counted since the server started. */
  readonly droppedLogLines: () => number;
  /** To the database; the application closes it when it ends. */
  readonly pool: Pool;
  /** The application closes it when it ends. */
  readonly pkcs12Reader: Pkcs12Reader;
  /** Likewise. */
  readonly jsonWorker: JsonWorker;
  /** Likewise. */
  readonly crlReader: CrlReader;
  /** Likewise. */
  readonly certificateEvaluator: CertificateEvaluator;
}

const POOL = Symbol('pool');

@Global()
@Module({})
export class RuntimeModule implements OnApplicationShutdown {
  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly database: Database,
    private readonly background: BackgroundDatabase,
    private readonly replica: ReplicaWatch,
    private readonly leader: Leader,
    private readonly pkcs12Reader: Pkcs12Reader,
    private readonly jsonWorker: JsonWorker,
    private readonly crlReader: CrlReader,
    private readonly certificateEvaluator: CertificateEvaluator,
  ) {}

  static of(runtime: Runtime): DynamicModule {
    const replica = replicaOf(runtime);
    const database = new Database(runtime.pool, throughPooler(runtime, runtime.settings.database.poolSize), replica);
    const background = new BackgroundDatabase(runtime.pool, poolerProbe(runtime));
    const searches = new Searches(database, runtime.settings.workers);
    const passwordHasher = new PasswordHasher(runtime.settings.workers);
    const pathTurns = new PathTurns();
    const longRequests = new LongRequestTurns();
    const queues = {
      connections: database.connections.queue,
      pkcs12: runtime.pkcs12Reader.queue,
      passwords: passwordHasher.queue,
      searches: searches.queue,
      pages: database.pageQueue,
      path_validations: pathTurns.queue,
      large_bodies: largeBodies.reading,
      large_pages: largePages,
      crls: runtime.crlReader.queue,
      evaluations: runtime.certificateEvaluator.queue,
      certificate_exports: longRequests.certificateExports,
      user_exports: longRequests.userExports,
      imports: longRequests.imports,
      dry_runs: longRequests.dryRuns,
      forecasts: longRequests.forecasts,
      simulations: longRequests.simulations,
    };
    const providers = [
      { provide: SETTINGS, useValue: runtime.settings },
      { provide: Clock, useValue: runtime.clock },
      { provide: Scheduler, useValue: runtime.scheduler },
      { provide: LOGGER, useValue: runtime.logger },
      { provide: POOL, useValue: runtime.pool },
      { provide: Database, useValue: database },
      { provide: Searches, useValue: searches },
      { provide: BackgroundDatabase, useValue: background },
      { provide: ReplicaWatch, useValue: new ReplicaWatch(replica, background, runtime.scheduler) },
      { provide: Leader, useValue: new Leader(background) },
      { provide: LeaderWork, useValue: new LeaderWork(runtime.scheduler, runtime.logger) },
      { provide: Pkcs12Reader, useValue: runtime.pkcs12Reader },
      { provide: JsonWorker, useValue: runtime.jsonWorker },
      { provide: CrlReader, useValue: runtime.crlReader },
      { provide: CertificateEvaluator, useValue: runtime.certificateEvaluator },
      { provide: PasswordHasher, useValue: passwordHasher },
      { provide: PathTurns, useValue: pathTurns },
      { provide: LongRequestTurns, useValue: longRequests },
      { provide: ClientCertificates, useValue: new ClientCertificates(runtime.settings) },
      { provide: Connections, useValue: new Connections(runtime.settings, runtime.logger) },
      { provide: Metrics, useValue: new Metrics(runtime.droppedLogLines, queues) },
    ];
    return { module: RuntimeModule, providers, exports: providers.map(({ provide }) => provide) };
  }

  async onApplicationShutdown(): Promise<void> {
    this.pkcs12Reader.close();
    await this.jsonWorker.close();
    await this.crlReader.close();
    await this.certificateEvaluator.close();
    await this.leader.giveBack().catch(() => undefined);
    await this.replica.close();
    await this.background.close();
    // Otherwise its connections are those of the pool.
    if (this.database.connections.isPooled) await this.database.close();
    await this.pool.end();
  }
}

/** Of requests. Without a pooler, they are those of the pool. */
function throughPooler({ settings }: Runtime, poolSize: number): DatabaseConnections | undefined {
  const { url, directUrl, statementTimeoutMs } = settings.database;
  if (url === undefined || directUrl === undefined) return undefined;
  return DatabaseConnections.throughPooler({ url: url.reveal(), poolSize, statementTimeoutMs });
}

/** A connection of its own, so that requests never delay readiness. */
function poolerProbe(runtime: Runtime): Database | undefined {
  const connections = throughPooler(runtime, 1);
  return connections === undefined ? undefined : new Database(runtime.pool, connections);
}

function replicaOf({ settings, pool }: Runtime): Replica | undefined {
  const { replicaUrl } = settings.database;
  return replicaUrl === undefined ? undefined : new Replica(pool, replicaUrl.reveal());
}
