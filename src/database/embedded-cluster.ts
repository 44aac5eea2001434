import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { diskProblemOf } from '../common/disk-problem.js';
import { StartError } from '../common/start-error.js';
import { makeFolder } from '../config/make-folder.js';
import { type Account, canEnter, makeReachable, runAs } from './embedded-account.js';
import type { Binaries } from './embedded-binaries.js';

export const SUPERUSER = 'certkeep';

/**
 * Creates the data directory if it is missing. If root owns it, other accounts may enter but not list it, because
 * PostgreSQL runs as another account; secrets inside have their own modes.
 */
export async function ensureDataDirectory(directory: string): Promise<void> {
  try {
    makeFolder(directory);
    const { mode, uid } = await stat(directory);
    if (process.getuid?.() === 0 && uid === 0) await chmod(directory, (mode & 0o7777) | 0o011);
    const probe = join(directory, `.writable-${process.pid}`);
    try {
      // More than an empty file, which could be created on a full disk.
      await writeFile(probe, Buffer.alloc(4096));
    } finally {
      await rm(probe, { force: true });
    }
  } catch (cause) {
    throw cannotUse(directory, (cause as Error).message, cause);
  }
}

function cannotUse(directory: string, words: string, error?: unknown): StartError {
  const { cause, remedy } = diskProblemOf(words);
  return new StartError(
    `The data directory ${directory} cannot be used: ${cause}. ${remedy}, or name another folder with CERTKEEP_DATA.`,
    { cause: error },
  );
}

/**
 * The location of the cluster: in the data directory or, if the account cannot access that, in `sharedDirectory` with a
 * link in the data directory, so that removing the data directory still resets everything.
 */
export async function locateCluster(
  dataDirectory: string,
  account: Account | undefined,
  sharedDirectory: string,
  announce: (line: string) => void,
): Promise<string> {
  const usual = join(dataDirectory, 'postgres');
  const entry = await lstat(usual).catch(() => undefined);
  if (entry?.isSymbolicLink() !== true) {
    if (await canEnter(account, entry === undefined ? dataDirectory : usual)) return usual;
    if (entry !== undefined) {
      throw new StartError(
        `PostgreSQL runs as ${account?.name}, which cannot access its data in ${usual}. ` +
          'Allow all users to enter the parent folders (chmod a+x), or name another folder with CERTKEEP_DATA.',
      );
    }
    await makeReachable(sharedDirectory);
    await symlink(join(sharedDirectory, `data-${randomBytes(4).toString('hex')}`), usual);
  }
  const target = resolve(dataDirectory, await readlink(usual));
  if (account !== undefined)
    announce(`PostgreSQL runs as ${account.name}; its data is in ${target}, linked from ${usual}.`);
  return target;
}

/** True for a complete cluster of this major version, false if there is none yet; anything else is an error. */
export async function clusterExists(cluster: string, binaries: Binaries): Promise<boolean> {
  const entries = await readdir(cluster).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new StartError(
      `The embedded database's data in ${cluster} cannot be read: ${error.message}. ` +
        'Start certkeep as the user who created it, or name another folder with CERTKEEP_DATA.',
      { cause: error },
    );
  });
  if (entries.length === 0) return false;
  if (!entries.includes('PG_VERSION')) {
    throw new StartError(
      `${cluster} is not empty, but is not a PostgreSQL database. Move it away, or name another folder with CERTKEEP_DATA.`,
    );
  }
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (version !== binaries.majorVersion) {
    throw new StartError(
      `The data in ${cluster} belongs to PostgreSQL ${version}, the embedded server is ${binaries.majorVersion}. ` +
        `Migrate it with pg_dump of version ${version}, or name another folder with CERTKEEP_DATA.`,
    );
  }
  return true;
}

/**
 * initdb writes to a temporary folder, which is then renamed, so that the cluster is always complete, even if a process
 * was killed. Temporary folders of killed processes are removed.
 */
export async function createCluster(
  cluster: string,
  password: string,
  durable: boolean,
  account: Account | undefined,
  binaries: Binaries,
): Promise<void> {
  const partial = `${cluster}.partial-${process.pid}`;
  const passwordFile = join(partial, 'password');
  try {
    await removeLeftovers(cluster);
    makeFolder(join(partial, 'cluster'), 0o700);
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) {
      for (const path of [partial, join(partial, 'cluster'), passwordFile]) await chown(path, account.uid, account.gid);
    }
    const { code, output } = await runAs(account, binaries.initdb, [
      `--pgdata=${join(partial, 'cluster')}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ]);
    if (code !== 0) throw new Error(`initdb failed with ${reasonIn(output)} (${code})`);
    // An empty folder may already exist; rename replaces it on every system except Windows.
    await rmdir(cluster).catch(() => undefined);
    await rename(join(partial, 'cluster'), cluster);
  } catch (cause) {
    throw cannotUse(dirname(cluster), (cause as Error).message, cause);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeLeftovers(cluster: string): Promise<void> {
  const prefix = `${basename(cluster)}.partial-`;
  for (const name of await readdir(dirname(cluster))) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) {
      await rm(join(dirname(cluster), name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The first line that reports an error; later lines are consequences. */
export function reasonIn(output: string): string {
  const lines = output.trim().split('\n');
  return lines.find((line) => /\b(error|fatal|panic):/i.test(line)) ?? lines.slice(-4).join('; ');
}
