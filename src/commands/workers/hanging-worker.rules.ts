/** How often a worker reports that its event loop turns, and how often the main process checks whether it has. */
export const REPORT_MS = 1_000;

/**
 * A worker that has not reported for so many checks in a row hangs. A run of the garbage collector or a large row takes
 * far less; an orchestrator that probes every 10 s gives a server as long until its third failure. Checks are counted and not
 * seconds: if this process or the machine was stopped, at most one of them is due when it continues.
 */
export const MAX_SILENT_CHECKS = 30;

interface CheckedWorker {
  /** Checks since it last reported. */
  readonly silentChecks: number;
}

/**
 * The worker that has to be killed, if there is one. Only one at a time, and the next one when the replacement of the first
 * serves: if what stops them all is outside of them, those that are left may go on. A place that is empty is undefined.
 */
export function hangingWorker<Worker extends CheckedWorker>(
  places: readonly (Worker | undefined)[],
): Worker | undefined {
  const workers = places.filter((worker) => worker !== undefined);
  if (workers.length < places.length) return undefined;
  const [longest] = workers.toSorted((one, other) => other.silentChecks - one.silentChecks);
  return longest !== undefined && longest.silentChecks >= MAX_SILENT_CHECKS ? longest : undefined;
}
