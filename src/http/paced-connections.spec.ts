import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { expect, test } from 'vitest';

import { PacedConnections } from './paced-connections.js';

function pacing() {
  const state = { now: 0, log: [] as string[], due: undefined as { work: () => void; at: number } | undefined };
  const schedule = (work: () => void, milliseconds: number): void => {
    expect(state.due).toBeUndefined();
    state.due = { work, at: state.now + milliseconds };
  };
  const paced = new PacedConnections(() => state.now, schedule);
  return {
    state,
    paced,
    connection: (name: string): Socket =>
      ({
        _handle: {
          readStop: () => state.log.push(`${name} stops`),
          readStart: () => state.log.push(`${name} starts at ${state.now}`),
        },
      }) as unknown as Socket,
    /** Runs what is scheduled next, at its time. */
    turn(): void {
      const { due } = state;
      expect(due).toBeDefined();
      state.due = undefined;
      state.now = Math.max(state.now, due?.at ?? 0);
      due?.work();
    },
  };
}

test('nothing is read from a connection for 20 ms', () => {
  const { state, paced, connection, turn } = pacing();
  paced.pause(connection('a'));
  state.now = 15;
  paced.pause(connection('b'));
  turn();
  expect(state.log).toEqual(['a stops', 'b stops', 'a starts at 20']);
  turn();
  expect(state.log.at(-1)).toBe('b starts at 35');
  expect(state.due).toBeUndefined();
  paced.pause(connection('c'));
  turn();
  expect(state.log.at(-1)).toBe('c starts at 55');
});

test('pipelined requests that are refused together pause their connection once', () => {
  const { state, paced, connection, turn } = pacing();
  const one = connection('a');
  paced.pause(one);
  paced.pause(one);
  turn();
  expect(state.log).toEqual(['a stops', 'a starts at 20']);
  expect(state.due).toBeUndefined();
});

test('of many connections, reading continues from a few in each turn of the event loop, in order', () => {
  const { state, paced, connection, turn } = pacing();
  for (let number = 1; number <= 150; number += 1) paced.pause(connection(`${number}`));
  state.log.length = 0;
  const counts: number[] = [];
  while (state.due !== undefined) {
    turn();
    counts.push(state.log.length);
  }
  expect(counts).toEqual([64, 128, 150]);
  expect(state.log).toEqual(Array.from({ length: 150 }, (_, index) => `${index + 1} starts at 20`));
});

test('a connection that has been closed meanwhile holds up no other', () => {
  const { state, paced, connection, turn } = pacing();
  const closed = connection('closed');
  paced.pause(closed);
  Object.assign(closed, { _handle: null });
  paced.pause(connection('b'));
  paced.pause({ _handle: null } as unknown as Socket);
  turn();
  expect(state.log).toEqual(['closed stops', 'b stops', 'b starts at 20']);
});

test('the next request of such a connection is read later, and others are read meanwhile', async () => {
  const resuming: (() => void)[] = [];
  const paced = new PacedConnections(
    () => 1_000 * resuming.length,
    (work) => resuming.push(work),
  );
  const read: (string | undefined)[] = [];
  const server = createServer(({ url, socket }, response) => {
    read.push(url);
    response.end(url);
    if (url === '/refused') paced.pause(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agents = [1, 2].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const ask = async (path: string, agent: Agent | undefined): Promise<void> => {
    const [answer] = (await once(get({ port, path, agent: agent ?? false }), 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
  };
  await ask('/refused', agents[0]);
  const next = ask('/next', agents[0]);
  await ask('/other', agents[1]);
  await ask('/other', agents[1]);
  expect(read).toEqual(['/refused', '/other', '/other']);
  for (const resume of resuming) resume();
  await next;
  expect(read).toEqual(['/refused', '/other', '/other', '/next']);
  for (const agent of agents) agent.destroy();
  server.close();
  await once(server, 'close');
});
