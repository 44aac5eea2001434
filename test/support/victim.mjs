// Usage: victim.mjs, forked. A server as `npm run build` has made it, that ends by SIGKILL around one step of its
// parent's choice: a call of the vault, or a statement that concerns key stores. It is told so by a message
// { step, when }: after the step-th one, or during it. Everything here is wrapped around ports of the product.
import 'reflect-metadata';
import { createApp } from '../../dist/src/bootstrap.js';
import { connect } from '../../dist/src/commands/running-database.js';
import { SystemClock } from '../../dist/src/common/clock.js';
import { SystemScheduler } from '../../dist/src/common/scheduler.js';
import { readSettings } from '../../dist/src/config/read-settings.js';
import { Database } from '../../dist/src/database/database.js';
import { createLogger } from '../../dist/src/http/logger.js';
import { Pkcs12Reader } from '../../dist/src/keystores/pkcs12-reader.js';
import { SecretVault } from '../../dist/src/vault/secret-vault.js';

const VAULT_CALLS = ['write', 'read', 'readMetadata', 'list', 'softDelete', 'destroy', 'erase'];

const settings = readSettings(process.env);
const app = await createApp({
  settings,
  clock: new SystemClock(),
  scheduler: new SystemScheduler(),
  logger: createLogger('silent', { write: () => undefined }),
  droppedLogLines: () => 0,
  dataSource: await connect(settings, settings.database.url.reveal()),
  pkcs12Reader: new Pkcs12Reader({ timeLimitMilliseconds: 20_000 }),
});

let deadly;
let steps = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

/** Runs a step, unless it is the one that is not survived. */
async function stepped(run) {
  steps += 1;
  const isDeadly = steps === deadly?.step;
  if (isDeadly && deadly.when === 'during') setTimeout(die, deadly.milliseconds);
  const result = await run();
  if (isDeadly) die();
  return result;
}

const vault = app.get(SecretVault);
for (const name of VAULT_CALLS) {
  const original = vault[name].bind(vault);
  vault[name] = (...parameters) => stepped(() => original(...parameters));
}

const database = app.get(Database);
const run = database.run.bind(database);
database.run = (statement, values) =>
  statement.name.includes('key_store') ? stepped(() => run(statement, values)) : run(statement, values);

// Nor does it survive its parent.
process.on('disconnect', die);
process.on('message', (message) => {
  deadly = message;
  process.send('ready to die');
});
await app.listen(0, '127.0.0.1');
process.send(app.getHttpServer().address().port);
