import { describe, expect, it } from 'vitest';

import { CheckedClients } from './checked-clients.js';

const START = Date.parse('2026-06-01T12:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000);
type Found = readonly [clientExtId: string, mark: string];

const found = (...clients: Found[]) => clients.map(([clientExtId, mark]) => ({ clientExtId, mark }));

function withClients(...clients: Found[]): CheckedClients {
  const checked = new CheckedClients();
  checked.update(found(...clients), at(0));
  return checked;
}

/** Checks a batch of the next client; `upcoming`: where the batch ends, undefined for the last one. */
function checkNext(clients: CheckedClients, seconds: number, upcoming?: string, took = 0): string | undefined {
  const pass = clients.next(at(seconds));
  if (pass === undefined) return undefined;
  pass.milliseconds += took * 1000;
  pass.upcoming = upcoming;
  clients.advance(pass, at(seconds));
  return `${pass.clientExtId}${pass.after}`;
}

describe('13.4 which client is checked next', () => {
  it('every client at first, in turn, each from where its last batch ended', () => {
    const clients = withClients(['a', '1'], ['b', '1']);
    const order = [
      checkNext(clients, 0, '/5'),
      checkNext(clients, 0),
      checkNext(clients, 0, '/9'),
      checkNext(clients, 0),
    ];
    expect(order).toEqual(['a/5', 'b', 'a/9', 'a/9']);
    expect(checkNext(clients, 0)).toBeUndefined();
  });

  it('then one whose mark has changed, after a short pause; the others after an hour', () => {
    const clients = withClients(['a', '1'], ['b', '1']);
    while (checkNext(clients, 0) !== undefined);
    clients.update(found(['a', '1'], ['b', '2']), at(1));
    expect(checkNext(clients, 14)).toBeUndefined();
    expect(checkNext(clients, 15)).toBe('b');
    expect(checkNext(clients, 3_599)).toBeUndefined();
    expect(checkNext(clients, 3_600)).toBe('a');
  });

  it('a change during a check is another reason to check afterwards, when half as much time has passed again', () => {
    const clients = withClients(['a', '1']);
    expect(checkNext(clients, 0, '/5', 20)).toBe('a/5');
    clients.update(found(['a', '2']), at(50));
    expect(checkNext(clients, 100, undefined, 30)).toBe('a/5');
    expect(clients.lastPassSeconds).toBe(50);
    expect(checkNext(clients, 124)).toBeUndefined();
    expect(checkNext(clients, 125)).toBe('a');
  });

  it('a client that no policy asks about any more is forgotten', () => {
    const clients = withClients(['a', '1']);
    clients.update([], at(0));
    expect(checkNext(clients, 0)).toBeUndefined();
    expect(clients.oldestSeconds(at(9))).toBeUndefined();
  });

  it.each([
    ['is repeated after 30 s', false, 30, 'a/5'],
    ['that ended the thread is passed over, and the next one follows after 10 minutes', true, 600, 'a/5/9'],
  ])('a batch that failed %s', (_, isHarmful, seconds, next) => {
    const clients = withClients(['a', '1']);
    const pass = clients.next(at(0));
    if (pass === undefined) throw new Error('There is no pass.');
    pass.after = '/5';
    pass.upcoming = '/5/9';
    clients.putOff(pass, { isHarmful, now: at(0) });
    expect(checkNext(clients, seconds - 1)).toBeUndefined();
    expect(checkNext(clients, seconds)).toBe(next);
  });

  it('says how old the oldest check is', () => {
    const clients = withClients(['a', '1'], ['b', '1']);
    expect(checkNext(clients, 10)).toBe('a');
    expect(clients.oldestSeconds(at(20))).toBe(20);
    expect(checkNext(clients, 20)).toBe('b');
    expect(clients.oldestSeconds(at(25))).toBe(15);
  });
});
