import { expect, test } from 'vitest';

import { diskProblemOf } from './disk-problem.js';

test.each([
  ['ENOSPC: no space left on device, write', 'its disk is full', 'Make room there'],
  ['could not write to file "base/1": No space left on device', 'its disk is full', 'Make room there'],
  ['could not extend file "base/1/2": Disk quota exceeded', 'its disk is full', 'Make room there'],
  ['could not extend file "base/1/2": wrote only 4096 of 8192 bytes at block 3', 'its disk is full', 'Make room there'],
  ["EROFS: read-only file system, mkdir '/data'", 'its file system is read-only', 'Mount it writable'],
  ["EACCES: permission denied, mkdir '/data'", 'it is not writable', 'Make it writable for'],
  ["EPERM: operation not permitted, mkdir '/data'", 'it is not writable', 'Make it writable for'],
])('%s: %s', (words, cause, remedy) => {
  const problem = diskProblemOf(words);
  expect(problem.cause).toBe(`${cause} (${words})`);
  expect(problem.remedy).toContain(remedy);
});

test('an unknown error keeps its message', () => {
  expect(diskProblemOf('EIO: i/o error', 'See the log')).toEqual({ cause: 'EIO: i/o error', remedy: 'See the log' });
});
