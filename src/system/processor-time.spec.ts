import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { processorTimeOf } from './processor-time.js';

const onLinux = process.platform === 'linux';

describe.runIf(onLinux)('the processor time of a process', () => {
  it('PKCS#12: is what the process itself reports', () => {
    const { user, system } = process.cpuUsage();
    const read = processorTimeOf(process.pid);
    const { user: laterUser, system: laterSystem } = process.cpuUsage();
    // Both clocks are rounded down to ticks of 10 ms.
    expect(read).toBeGreaterThanOrEqual((user + system) / 1_000 - 20);
    expect(read).toBeLessThanOrEqual((laterUser + laterSystem) / 1_000 + 20);
  });

  it('PKCS#12: is undefined for a process that has ended', async () => {
    const ended = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    const { pid } = ended;
    await once(ended, 'exit');
    expect(pid === undefined ? 'not started' : processorTimeOf(pid)).toBeUndefined();
  });
});

it.runIf(!onLinux)('PKCS#12: the processor time is not known here', () => {
  expect(processorTimeOf(process.pid)).toBeUndefined();
});
