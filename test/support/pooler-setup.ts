import type { TestProject } from 'vitest/node';

import { startServer } from './global-setup.js';
import { Pgbouncer } from './pgbouncer.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of a pooler before `databaseServer`, through which requests then go. */
    poolerUrl: string;
  }
}

/** Fewer sessions than connections to the pooler, so that they are shared. */
const SESSIONS = 6;

/** As for other tests, and a PgBouncer before the server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startServer(project);
  const pgbouncer = await Pgbouncer.start(url, SESSIONS);
  project.provide('poolerUrl', pgbouncer.through(url));
  return async () => {
    await pgbouncer.stop();
    await stop();
  };
}
