/**
 * Milliseconds that this thread has used so far. Nothing here waits, so on an idle machine it is also the time that
 * passes; on a busy one it does not depend on other programs.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
