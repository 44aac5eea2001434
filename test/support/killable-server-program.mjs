// A forked server from the output of `npm run build` that kills itself by SIGKILL around one step of the
// parent's choice: a call to the vault, or a statement on key stores; with KILL_STEPS=jobs, a statement or the end of a
// transaction of a job. The parent sends the message { step, when }: after that step, or during it, counted from then. The
// vault and the database are wrapped for this.
import 'reflect-metadata';
import { createApp } from '../../dist/src/bootstrap.js';
import { CertificateEvaluator } from '../../dist/src/certificates/evaluation/certificate-evaluator.js';
import { connect } from '../../dist/src/commands/running-database.js';
import { SystemClock } from '../../dist/src/common/clock.js';
import { SystemScheduler } from '../../dist/src/common/scheduler.js';
import { readSettings } from '../../dist/src/config/read-settings.js';
import { BackgroundDatabase, Database } from '../../dist/src/database/database.js';
import { createLogger } from '../../dist/src/http/logger.js';
import { Pkcs12Reader } from '../../dist/src/keystores/pkcs12-reader.js';
import { CrlReader } from '../../dist/src/trust/revocation/crl-reader.js';
import { SecretVault } from '../../dist/src/vault/secret-vault.js';

const VAULT_CALLS = ['write', 'read', 'readMetadata', 'list', 'softDelete', 'destroy', 'erase'];

const settings = readSettings(process.env);
const app = await createApp({
  settings,
  clock: new SystemClock(),
  scheduler: new SystemScheduler(),
  logger: createLogger('silent', { write: () => undefined }),
  droppedLogLines: () => 0,
  pool: await connect(settings, settings.database.url.reveal()),
  pkcs12Reader: new Pkcs12Reader({ timeLimitMilliseconds: 20_000, startLimitMilliseconds: 200_000 }),
  crlReader: new CrlReader(),
  certificateEvaluator: new CertificateEvaluator(),
});

let killPoint;
let steps = 0;

const killSelf = () => process.kill(process.pid, 'SIGKILL');

/** Runs a step, and kills the process if it is the chosen one. */
async function stepped(run) {
  steps += 1;
  const isKillPoint = steps === killPoint?.step;
  if (isKillPoint && killPoint.when === 'during') setTimeout(killSelf, killPoint.milliseconds);
  const result = await run();
  if (isKillPoint) killSelf();
  return result;
}

const isOfJobs = process.env.KILL_STEPS === 'jobs';
const background = app.get(BackgroundDatabase);
const transaction = background.transaction.bind(background);
background.transaction = (client, work, timeout) => {
  // Of all background work, only jobs belong to a client.
  if (!isOfJobs || client === '') return transaction(client, work, timeout);
  const counted = (runner) => work({ run: (statement, values) => stepped(() => runner.run(statement, values)) });
  return stepped(() => transaction(client, counted, timeout));
};

const vault = app.get(SecretVault);
for (const name of VAULT_CALLS) {
  const original = vault[name].bind(vault);
  vault[name] = (...parameters) => stepped(() => original(...parameters));
}

const database = app.get(Database);
const run = database.run.bind(database);
database.run = (statement, values) =>
  statement.name.includes('key_store') ? stepped(() => run(statement, values)) : run(statement, values);

// It also ends with its parent.
process.on('disconnect', killSelf);
process.on('message', (message) => {
  killPoint = message;
  steps = 0;
  process.send('ready');
});
await app.listen(0, '127.0.0.1');
process.send(app.getHttpServer().address().port);
