import { type Call, checkOctets } from './check-octets.js';
import { checkPath } from './check-path.js';
import type { FuzzCase } from './fuzz-case.js';

/** In processor time, so that a busy machine makes no findings. */
const MAX_MICROSECONDS = 1_000_000;

/** @throws an error that says which property the input breaks */
export function checkCase(fuzzed: FuzzCase): void {
  if (fuzzed.kind === 'octets') checkOctets(Buffer.from(fuzzed.octets, 'base64'), timed);
  else checkPath(fuzzed, timed);
}

const timed: Call = (name, check) => {
  const before = process.threadCpuUsage();
  const result = check();
  const { user, system } = process.threadCpuUsage(before);
  if (user + system > MAX_MICROSECONDS) {
    throw new Error(`${name} took ${Math.round((user + system) / 1000)} ms of processor time.`);
  }
  return result;
};
