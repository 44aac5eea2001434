import 'reflect-metadata';
import { StartError } from '../common/start-error.js';
import { readSettings } from '../config/read-settings.js';
import { Database } from '../database/database.js';
import { rewrapAll } from '../vault/sealed/rewrapping.js';
import { ignoreClosedOutput, print, reportAndExit, wantsHelp } from './report.js';
import { connectBesideServer } from './running-database.js';
import { Shutdown } from './shutdown.js';

const HELP = `Usage: npm run vault:rotate

Encrypts the secrets of key stores with the first key of VAULT_KEY_FILE. The server may keep running. If the command is
interrupted, run it again. To rotate the key:
  1. Write the new key as the first line of the file, above the old one (openssl rand -base64 32), and restart. If you
     run several servers, first add it as the second line on all of them, so that each can read what the others write.
  2. Run this command.
  3. Remove the old line. The next restart needs only the new key.`;

async function run(args: readonly string[]): Promise<void> {
  if (wantsHelp(args, HELP)) {
    print(HELP);
    return;
  }
  const settings = readSettings();
  const { vault } = settings;
  if (vault.kind !== 'sealed') {
    throw new StartError('With VAULT_ADDR the secrets are in that vault, which has its own key rotation.');
  }
  const shutdown = new Shutdown(print);
  await shutdown.during(async () => {
    const database = new Database(await connectBesideServer(settings, shutdown));
    const { rewrapped, unreadable } = await rewrapAll(database, vault.keys, (looked, total) =>
      print(`${looked} of ${total} …`),
    );
    print(`Secrets rewrapped with the key ${vault.keys[0].id}: ${rewrapped}.`);
    if (unreadable > 0) {
      throw new StartError(
        `Secrets that no key in VAULT_KEY_FILE can decrypt: ${unreadable}. Restore the key with which they are encrypted.`,
      );
    }
  });
  await shutdown.takeSteps();
}

ignoreClosedOutput();
run(process.argv.slice(2)).then(() => process.exit(0), reportAndExit);
