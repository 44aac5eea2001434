import pg, { type ClientBase, type ClientConfig } from 'pg';

import { STANDBY_MESSAGE, UNREPLICATED_MESSAGE } from './database-error.js';

/** The function of PostgreSQL that reports by a warning that it no longer waits for a synchronous standby. */
const WAITS_FOR_STANDBY = 'SyncRepWaitForLSN';

/** What the driver emits for the protocol's messages, and its types lack. */
interface Messages {
  on(event: 'parameterStatus', listener: (message: ParameterStatus) => void): void;
}

interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

/** A connection that knows what PostgreSQL tells without being asked. */
export class ListeningClient extends pg.Client {
  /** Whether the server is a standby, or was one when it last said so: it reports each change. */
  isStandby = false;
  /** Whether a commit was reported that no standby has confirmed, and a failover may therefore lose. */
  isUnreplicated = false;

  constructor(config?: ClientConfig) {
    super(config);
    // Without a listener, losing a connection that is in use, or idle in a transaction, would end the process. The query
    // that fails reports the error. TypeORM connects before any other code could listen.
    this.on('error', () => undefined);
    this.on('notice', ({ routine }) => {
      if (routine === WAITS_FOR_STANDBY) this.isUnreplicated = true;
    });
    const { connection } = this as unknown as { readonly connection: Messages };
    connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'in_hot_standby') this.isStandby = parameterValue === 'on';
    });
  }
}

/**
 * A connection to a standby would serve reads, and refuse every write with 25006: it is replaced. libpq calls this
 * `target_session_attrs=primary`.
 */
export function requirePrimary(connection: ClientBase): void {
  if (connection instanceof ListeningClient && connection.isStandby) throw new Error(STANDBY_MESSAGE);
}

/** Where an administrator cancels the wait for the standby, PostgreSQL reports a commit and a warning. */
export function requireReplicated(connection: ClientBase): void {
  if (connection instanceof ListeningClient && connection.isUnreplicated) throw new Error(UNREPLICATED_MESSAGE);
}
