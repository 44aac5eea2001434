import { execFile } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';

import { StartError } from '../common/start-error.js';
import { makeFolder } from '../config/make-folder.js';

/** The operating system account that runs PostgreSQL, if it differs from the one that runs Node. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Outcome {
  /** Exit code, or the system's error code (`ENOENT`, `EACCES`) if the program could not be started. */
  readonly code: number | string;
  /** The output of both streams, always in English. */
  readonly output: string;
}

const CANDIDATES = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. An existing cluster keeps its owner; a new one belongs to `postgres` or `nobody`.
 * Undefined if Node does not run as root.
 */
export async function accountFor(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) {
    const named = await runAs(undefined, 'id', ['-un', String(owner.uid)]);
    return { name: named.code === 0 ? named.output : `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of CANDIDATES) {
    const uid = await runAs(undefined, 'id', ['-u', name]);
    const gid = await runAs(undefined, 'id', ['-g', name]);
    if (uid.code === 0 && gid.code === 0) return { name, uid: Number(uid.output), gid: Number(gid.output) };
  }
  throw new StartError(
    'The embedded PostgreSQL cannot run as root, and this system has neither an account "postgres" nor "nobody". ' +
      'Start certkeep as an ordinary user, or give it a server of your own with DATABASE_URL.',
  );
}

/** Tests it with the account itself instead of reading modes, so that access control lists and mounts count too. */
export async function canEnter(account: Account | undefined, directory: string): Promise<boolean> {
  if (account === undefined) return true;
  const { code } = await runAs(account, '/bin/sh', ['-c', 'test -x "$0"', directory]);
  return code === 0;
}

/** Creates a directory that every account can read, whatever the umask is. */
export async function makeReachable(directory: string): Promise<void> {
  try {
    makeFolder(directory);
    await chmod(directory, 0o755);
  } catch (cause) {
    throw new StartError(
      `${directory} cannot be created: ${(cause as Error).message}. The embedded PostgreSQL needs it because the account ` +
        'it runs as cannot reach this folder. Start certkeep as an ordinary user, or from a folder that all users can reach.',
      { cause },
    );
  }
}

/**
 * Never rejects. The environment is not passed on, because it may contain secrets, and `PG…` variables would change
 * PostgreSQL's behaviour.
 */
export async function runAs(account: Account | undefined, program: string, args: readonly string[]): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  execFile(
    program,
    args,
    {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      windowsHide: true,
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    },
    (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (error === null) resolve({ code: 0, output });
      else resolve({ code: error.code ?? error.signal ?? 'failed', output: output === '' ? error.message : output });
    },
  );
  return await promise;
}
