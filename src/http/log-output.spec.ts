import { beforeEach, expect, test, vi } from 'vitest';

import { LogOutput } from './log-output.js';

type Done = (error?: Error | null) => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return () => void vi.useRealTimers();
});

function outputOf(maxBytes = 10): { output: LogOutput; written: string[]; pending: Done[]; lost: number[] } {
  const written: string[] = [];
  const pending: Done[] = [];
  const lost: number[] = [];
  const output = new LogOutput((bytes, done) => {
    written.push(bytes.toString());
    pending.push(done);
  }, maxBytes);
  output.onRoom = (count) => lost.push(count);
  return { output, written, pending, lost };
}

test('lines that arrive during a write, or soon after it, are written together, in order', () => {
  const { output, written, pending } = outputOf();
  for (const line of ['a\n', 'b\n']) output.write(line);
  expect(written).toEqual(['a\n']);
  pending[0]?.();
  output.write('c\n');
  vi.advanceTimersByTime(9);
  expect(written).toEqual(['a\n']);
  vi.advanceTimersByTime(1);
  expect(written).toEqual(['a\n', 'b\nc\n']);
});

test('a line after a pause is written at once', () => {
  const { output, written, pending } = outputOf();
  output.write('a\n');
  pending[0]?.();
  vi.advanceTimersByTime(10);
  expect(written).toEqual(['a\n']);
  output.write('b\n');
  expect(written).toEqual(['a\n', 'b\n']);
});

test('a flush does not wait for the end of a pause', async () => {
  const { output, written, pending } = outputOf();
  output.write('a\n');
  pending[0]?.();
  output.write('b\n');
  const flushed = output.flush(60_000);
  expect(written).toEqual(['a\n', 'b\n']);
  pending[1]?.();
  await flushed;
  expect(vi.getTimerCount()).toBe(0);
});

test('lines beyond the buffer are dropped and counted, and reported once there is room', () => {
  const { output, written, pending, lost } = outputOf();
  output.write('12345678\n');
  for (let line = 0; line < 3; line += 1) output.write('x\n');
  expect([output.droppedLines, written, lost]).toEqual([3, ['12345678\n'], []]);
  pending[0]?.();
  expect(lost).toEqual([3]);
  vi.advanceTimersByTime(10);
  output.write('y\n');
  pending[1]?.();
  expect([output.droppedLines, lost]).toEqual([3, [3]]);
});

test('lines that cannot be written are dropped and counted, and the next one is tried', () => {
  const { output, written, pending, lost } = outputOf();
  output.write('a\n');
  pending[0]?.(new Error('ENOSPC'));
  expect([output.droppedLines, lost]).toEqual([1, []]);
  vi.advanceTimersByTime(10);
  output.write('b\n');
  pending[1]?.();
  expect([written, output.droppedLines, lost]).toEqual([['a\n', 'b\n'], 1, [1]]);
});

test('a flush ends with the last line, or at once without lines', async () => {
  const { output, pending } = outputOf();
  await output.flush(60_000);
  output.write('a\n');
  output.write('b\n');
  let isOver = false;
  const flushed = output.flush(60_000).then(() => (isOver = true));
  pending[0]?.();
  await Promise.resolve();
  expect(isOver).toBe(false);
  pending[1]?.();
  expect(await flushed).toBe(true);
});

test('a flush of lines that are never written ends at its time limit', async () => {
  const { output } = outputOf();
  output.write('a\n');
  const flushed = output.flush(1);
  vi.advanceTimersByTime(1);
  await expect(flushed).resolves.toBeUndefined();
});
