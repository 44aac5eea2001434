// Usage: reaper.mjs DIRECTORY. Waits until its input closes, then ends the PostgreSQL of this data directory at once
// and removes everything. Plain JavaScript on purpose: nothing has to be compiled to clean up.
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [, , directory] = process.argv;
if (directory === undefined) throw new Error('usage: reaper.mjs DIRECTORY');

process.stdin.resume();
await new Promise((resolve) => process.stdin.once('close', resolve));

// Elsewhere than below the directory where the server's account cannot get there.
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

/** SIGQUIT is PostgreSQL's immediate shutdown: nothing here is worth a checkpoint. */
async function end(pid) {
  try {
    process.kill(pid, 'SIGQUIT');
    for (let tries = 0; tries < 500; tries += 1) {
      process.kill(pid, 0);
      await pause(10);
    }
  } catch {
    // It is gone.
  }
}
