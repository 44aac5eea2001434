import 'reflect-metadata';
import { ignoreClosedOutput, print, reportAndExit, wantsHelp } from './commands/report.js';
import { StartError } from './common/start-error.js';

const MIN_NODE_VERSION = 26;

const HELP = `Usage: npm start (without npm: node dist/src/main.js)

Starts the server. It has no options: settings are environment variables, which docs/settings.md describes. Without
DATABASE_URL, it starts a PostgreSQL of its own with demo data, for development and trials.`;

/** Checked before anything else is loaded, because other files import functions that older versions of Node lack. */
function requireNode(version: string): void {
  if (Number(version.split('.')[0]) >= MIN_NODE_VERSION) return;
  throw new StartError(
    `certkeep needs Node ${MIN_NODE_VERSION} or later; this is ${version}. Start it with "npm start", which uses the right version.`,
  );
}

ignoreClosedOutput();
try {
  requireNode(process.versions.node);
  if (wantsHelp(process.argv.slice(2), HELP)) {
    print(HELP);
  } else {
    const { serve } = await import('./commands/serve.js');
    await serve(process.env);
  }
} catch (error) {
  reportAndExit(error);
}
