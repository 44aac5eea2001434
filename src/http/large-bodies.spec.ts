import { expect, test } from 'vitest';

import { AppError } from '../common/errors.js';
import { LargeBodies } from './large-bodies.js';

const defect = async (): Promise<never> => {
  throw new Error('not JSON');
};
const gone = (): Error => new Error('gone');

function senderOf(clientExtId: string, hasLeft = false) {
  return { clientExtId, hasLeft: () => hasLeft };
}

test('a body is parsed after other pending work', async () => {
  const order: string[] = [];
  const bodies = new LargeBodies();
  const large = bodies.parse(senderOf('100'), async () => order.push('large'), gone);
  setImmediate(() => order.push('another'));
  await large;
  expect(order).toEqual(['another', 'large']);
});

test('other work runs between two large bodies, and clients take turns', async () => {
  const order: string[] = [];
  const bodies = new LargeBodies();
  const parse = async (client: string): Promise<void> => {
    await bodies.parse(senderOf(client), async () => void order.push(client), gone);
    setImmediate(() => order.push('other work'));
  };
  await Promise.all([parse('a'), parse('a'), parse('a'), parse('b')]);
  const clientsInOrder = order.filter((one) => one !== 'other work');
  expect(clientsInOrder.indexOf('b')).toBeLessThan(3);
  expect(order.slice(0, 2)).toEqual(['a', 'other work']);
});

test('bodies beyond the queue limit are 503 with Retry-After', async () => {
  const bodies = new LargeBodies({ maxWaitingPerKey: 1 });
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(async (value) => await bodies.parse(senderOf('100'), async () => value, gone)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  const reason: unknown = outcomes[2]?.status === 'rejected' ? outcomes[2].reason : undefined;
  expect(reason instanceof AppError && reason.details[0]?.code).toBe('errors.unavailable');
  expect(reason).toMatchObject({ retryAfterSeconds: 1 });
});

test('the body of a disconnected sender is not parsed, and a malformed body releases its turn', async () => {
  const bodies = new LargeBodies();
  const left = bodies.parse(senderOf('100', true), async () => 'parsed', gone);
  await expect(left).rejects.toThrow('gone');
  await expect(bodies.parse(senderOf('100'), defect, gone)).rejects.toThrow('not JSON');
  expect(await bodies.parse(senderOf('100'), async () => 'parsed', gone)).toBe('parsed');
});

test('six large bodies of a client are read at once, and a waiting one of a disconnected sender is not read', async () => {
  const bodies = new LargeBodies();
  const { signal } = new AbortController();
  const reading = await Promise.all(Array.from({ length: 6 }, async () => await bodies.beginReading('100', signal)));
  const sender = new AbortController();
  const left = bodies.beginReading('100', sender.signal);
  const next = bodies.beginReading('100', signal);
  sender.abort(gone());
  await expect(left).rejects.toThrow('gone');
  reading[0]?.();
  expect(await next).toBeTypeOf('function');
});

test('a client at its limit of large bodies does not delay another client', async () => {
  const bodies = new LargeBodies();
  const { signal } = new AbortController();
  for (let count = 0; count < 6; count += 1) await bodies.beginReading('100', signal);
  expect(await bodies.beginReading('200', signal)).toBeTypeOf('function');
});
