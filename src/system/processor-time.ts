import { readFileSync } from 'node:fs';

/** Linux reports times to programs in hundredths of a second, whatever its own clock. */
const MILLISECONDS_PER_TICK = 10;

/** Where user and system time are in /proc/PID/stat, counted from the field after the name of the program. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/**
 * The processor time that a process has used so far, in milliseconds. Undefined if it has ended, and elsewhere than on
 * Linux.
 */
export function processorTimeOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name is in parentheses, and may contain spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
    return Number.isFinite(ticks) ? ticks * MILLISECONDS_PER_TICK : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Calls `exceeded` once the process has used this much processor time from now on, or `starved` if it was given too
 * little of a processor to do so in `maxSlowdown` times its limit. Where processor time is not known, the elapsed time
 * counts. Returns a function that ends this.
 */
export function limitProcessorTime(
  pid: number,
  milliseconds: number,
  maxSlowdown: number,
  exceed: (outcome: 'exceeded' | 'starved') => void,
): () => void {
  const usedBefore = processorTimeOf(pid);
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let waited = 0;
  const wait = (remaining: number): void => {
    waited += remaining;
    // What the process has sent meanwhile is handled first, if this process itself was late.
    timer = setTimeout(() => setImmediate(check), remaining);
  };
  const check = (): void => {
    if (isOver) return;
    const used = processorTimeOf(pid);
    const remaining = used === undefined || usedBefore === undefined ? 0 : milliseconds - (used - usedBefore);
    if (remaining <= 0) exceed('exceeded');
    else if (waited >= milliseconds * maxSlowdown) exceed('starved');
    else wait(remaining);
  };
  wait(milliseconds);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
