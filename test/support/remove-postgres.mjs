// Usage: remove-postgres.mjs DIRECTORY. Waits until its input closes, then stops the PostgreSQL of this data directory
// and removes everything. It is JavaScript, so that the cleanup needs no compiler.
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [, , directory] = process.argv;
if (directory === undefined) throw new Error('usage: remove-postgres.mjs DIRECTORY');

process.stdin.resume();
await new Promise((resolve) => process.stdin.once('close', resolve));

// The cluster is elsewhere if the account of the server has no access to the directory.
const cluster = await realpath(join(directory, 'postgres')).catch(() => undefined);
if (cluster !== undefined) {
  const pid = await readFile(join(cluster, 'postmaster.pid'), 'utf8').then(
    (text) => Number.parseInt(text, 10),
    () => undefined,
  );
  if (pid !== undefined) await end(pid);
  await rm(cluster, { recursive: true, force: true });
}
await rm(directory, { recursive: true, force: true });

/** SIGQUIT is the immediate shutdown of PostgreSQL, without a checkpoint. */
async function end(pid) {
  try {
    process.kill(pid, 'SIGQUIT');
    for (let tries = 0; tries < 500; tries += 1) {
      process.kill(pid, 0);
      await pause(10);
    }
  } catch {
    // The process has ended.
  }
}
