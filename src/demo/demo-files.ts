import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { diskProblemOf } from '../common/disk-problem.js';
import { StartError } from '../common/start-error.js';
import { makeFolder } from '../config/make-folder.js';
import type { DemoAuthority } from './demo-certificates.js';
import { KEY_STORE, USER } from './demo-data.js';

/**
 * Writes certificates and request bodies for the printed commands, created at each start so that none has expired.
 * `stranger` is another authority with the same name. Returns the folder.
 */
export async function writeDemoFiles(
  dataDirectory: string,
  authority: DemoAuthority,
  stranger: DemoAuthority,
): Promise<string> {
  const folder = join(dataDirectory, 'demo');
  const commonName = `${USER.name.firstName} ${USER.name.familyName}`;
  const [{ certificate: good, key }, own, tablet, bad, forged, root] = await Promise.all([
    authority.goodWithKey(commonName),
    authority.good(commonName),
    authority.good(commonName),
    authority.bad(),
    stranger.good(commonName),
    authority.root(),
  ]);
  const [first, renewed] = await Promise.all([keyStore(authority), keyStore(authority)]);
  const files = {
    'good.pem': good,
    'good.key': key,
    'own.pem': own,
    'tablet.pem': tablet,
    'bad.pem': bad,
    'forged.pem': forged,
    [join('cas', 'acme-demo-ca.pem')]: root,
    'good.json': json({ certificate: good, modificationComment: 'Renewed' }),
    'own.json': json({ certificate: own, modificationComment: 'Renewed by myself' }),
    'bad.json': json({ certificate: bad }),
    'stale.json': json({ version: 1, modificationComment: 'From a window that was left open' }),
    'payments.p12': first,
    'renewed.p12': renewed,
    'payments.json': `${JSON.stringify([{ name: KEY_STORE.name, p12: [...first], password: KEY_STORE.password }])}\n`,
  };
  try {
    makeFolder(folder);
    makeFolder(join(folder, 'cas'));
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, name), content, { mode: name.endsWith('.key') ? 0o600 : 0o666 });
  } catch (error) {
    const { cause, remedy } = diskProblemOf((error as Error).message);
    throw new StartError(`The demo's files cannot be written to ${folder}: ${cause}. ${remedy}.`, { cause: error });
  }
  return folder;
}

async function keyStore(authority: DemoAuthority): Promise<Buffer> {
  return await authority.keyStore(KEY_STORE.commonName, KEY_STORE.password);
}

function json(body: object): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}
