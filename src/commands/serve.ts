import { readSettings } from '../config/read-settings.js';
import { print } from './report.js';
import { Shutdown } from './shutdown.js';

/**
 * Starts everything in order, and stops it in reverse order. Throws `StartError` for problems that the operator can
 * fix.
 */
export async function serve(environment: NodeJS.ProcessEnv): Promise<void> {
  const settings = readSettings(environment);
  const shutdown = new Shutdown(print, settings.drainMs);
  await shutdown.during(async () => {
    // Loaded only where it is used, because the main process of workers needs no server.
    if (settings.workers === 1) await (await import('./serve-alone.js')).serveAlone(settings, shutdown);
    else await (await import('./workers/serve-by-workers.js')).serveByWorkers(settings, shutdown);
  });
}
