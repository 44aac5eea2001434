import 'reflect-metadata';
import { readSettings } from '../config/read-settings.js';
import { migrateAndReport, requireKnownSchema } from './migrations.js';
import { ignoreClosedOutput, print, reportAndExit, wantsHelp } from './report.js';
import { requirePostgres } from './require-postgres.js';
import { connect, disconnect, startDatabase } from './running-database.js';
import { Shutdown } from './shutdown.js';

const HELP = `Usage: npm run migrate

Brings the schema of the database up to date and ends. The database is that of DATABASE_URL, or the embedded one.
Use it to run migrations separately from the start of the server, with MIGRATE=off for the server.`;

async function run(args: readonly string[]): Promise<void> {
  if (wantsHelp(args, HELP)) {
    print(HELP);
    return;
  }
  const settings = readSettings();
  const shutdown = new Shutdown(print);
  await shutdown.during(async () => {
    const running = await startDatabase(settings, print);
    shutdown.add(running.stop);
    const pool = await connect(settings, running.url, print, shutdown.ending);
    shutdown.add(async () => await disconnect(pool));
    await requirePostgres(pool);
    await requireKnownSchema(pool, print);
    const count = await migrateAndReport(settings, running.url, print, shutdown.ending);
    print(count === 0 ? 'The schema was up to date already.' : 'The schema is up to date.');
  });
  await shutdown.takeSteps();
}

ignoreClosedOutput();
run(process.argv.slice(2)).then(() => process.exit(0), reportAndExit);
