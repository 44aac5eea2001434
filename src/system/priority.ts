import { stat } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

/** Nice values between the event loop, which answers everybody, and what computes for one caller. */
const DISTANCE = 5;

/** Elsewhere than on Linux, a priority belongs to a whole process. */
const THREADS_HAVE_PRIORITIES = process.platform === 'linux';

/** Raises the event loop, which calls this, above all that computes beside it. Without CAP_SYS_NICE nothing changes. */
export async function raisePriority(): Promise<void> {
  if (!THREADS_HAVE_PRIORITIES) return;
  // This also starts the threads that hash, which keep the priority of the thread that has started them.
  await stat(process.execPath);
  attempt(() => setPriority(getPriority() - DISTANCE));
}

/** Lowers the calling thread, which was started by the event loop, below it. */
export function lowerPriority(): void {
  if (!THREADS_HAVE_PRIORITIES) return;
  attempt(() => setPriority(getPriority() + DISTANCE));
}

/** Lowers a process that was started by the event loop, which calls this, below it. */
export function lowerPriorityOf(pid: number): void {
  attempt(() => setPriority(pid, getPriority() + DISTANCE));
}

/** A container may forbid every change, and a process may have ended. Then its priority is left as it is. */
function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // The priority is left as it is.
  }
}
