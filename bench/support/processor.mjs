import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of Linux, whatever the kernel's own tick is. */
const TICKS_A_SECOND = 100;

/** Milliseconds of processor time that a process and its children have used so far. Reads /proc, so on Linux only. */
export async function processorMs(pid) {
  const processes = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readTimes));
  const used = processes.filter((each) => each?.pid === pid || each?.parent === pid);
  // What ended children have used counts as their parent's.
  return used.reduce((sum, { ticks }) => sum + ticks, 0) * (1_000 / TICKS_A_SECOND);
}

/** The process of PostgreSQL that starts all others. */
export async function postmasterOf(dataDirectory) {
  const [pid] = (await readFile(join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

async function readTimes(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the name, which may contain blanks.
  const [, parent, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (parent === undefined) return undefined;
  // utime, stime, cutime and cstime are the fields 14 to 17.
  const ticks = rest.slice(9, 13).reduce((sum, each) => sum + Number(each), 0);
  return { pid: Number(pid), parent: Number(parent), ticks };
}
