// Usage: run-patroni.mjs FOLDER. When its own input ends, kills every process that is named in FOLDER/*/pid and
// FOLDER/*/data/postmaster.pid, and removes the folder: nothing is left of a cluster, however its test ends. It is
// JavaScript, so that the cleanup needs no compiler.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [, , folder] = process.argv;

function kill(file) {
  if (!existsSync(file)) return;
  try {
    process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

process.stdin.resume().once('close', () => {
  const members = readdirSync(folder).map((name) => join(folder, name));
  // Patroni first, which would start PostgreSQL again.
  for (const member of members) kill(join(member, 'pid'));
  for (const member of members) kill(join(member, 'data', 'postmaster.pid'));
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
});
