import { type EventEmitter, once } from 'node:events';
import http, { type Server } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { issueCertificate } from '../../test/support/pki.js';
import { clientCertificate } from '../../test/support/tls-client.js';
import { PacedConnections } from './paced-connections.js';

let certificate: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  certificate = await clientCertificate(await issueCertificate({ subject: 'CN=server.example' }));
});

/** `once` of node:events would reject on the error that precedes it. */
async function closeOf(emitter: EventEmitter): Promise<void> {
  emitter.on('error', () => undefined);
  await new Promise<void>((resolve) => emitter.once('close', () => resolve()));
}

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

describe.each(['http', 'https'] as const)('over %s', (protocol) => {
  const { Agent, get } = protocol === 'http' ? http : https;
  let server: Server;
  let port: number;
  let resuming: (() => void)[];
  let read: (string | undefined)[];
  let agents: http.Agent[];
  let paused: Socket | undefined;

  beforeEach(async () => {
    resuming = [];
    read = [];
    const paced = new PacedConnections(
      () => 1_000 * resuming.length,
      (work) => resuming.push(work),
    );
    const answer: http.RequestListener = ({ url, socket }, response) => {
      read.push(url);
      response.end(url);
      if (url !== '/refused') return;
      paced.pause(socket);
      paused = socket;
    };
    server = protocol === 'http' ? http.createServer(answer) : https.createServer(certificate, answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    agents = [1, 2].map(() => new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false }));
  });

  afterEach(async () => {
    for (const agent of agents) agent.destroy();
    server.close();
    await once(server, 'close');
  });

  async function ask(path: string, agent: http.Agent | undefined): Promise<void> {
    const [answer] = (await once(get({ port, path, agent }), 'response')) as [http.IncomingMessage];
    await once(answer.resume(), 'end');
  }

  /** Also what is scheduled meanwhile. */
  function resumeAll(): void {
    for (const resume of resuming) resume();
  }

  test('the next request of such a connection is read later, and others are read meanwhile', async () => {
    await ask('/refused', agents[0]);
    const next = ask('/next', agents[0]);
    await ask('/other', agents[1]);
    await ask('/other', agents[1]);
    expect(read).toEqual(['/refused', '/other', '/other']);
    resumeAll();
    await next;
    expect(read).toEqual(['/refused', '/other', '/other', '/next']);
    expect(resuming).toHaveLength(1);
  });

  test('it may be refused and paused again and again', async () => {
    for (let count = 1; count <= 5; count += 1) {
      const answer = ask('/refused', agents[0]);
      resumeAll();
      await answer;
      expect(read).toHaveLength(count);
    }
    resumeAll();
    await ask('/next', agents[0]);
    expect(read.at(-1)).toBe('/next');
  });

  test.each([
    ['closes', (transport: Socket) => void transport.destroy()],
    ['resets', (transport: Socket) => void transport.resetAndDestroy()],
  ])('one that its caller %s meanwhile is closed when it is read again, and nothing is left of it', async (_, end) => {
    const transport = connectTcp(port, '127.0.0.1');
    const socket = protocol === 'http' ? transport : connectTls({ socket: transport, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await once(socket, protocol === 'http' ? 'connect' : 'secureConnect');
    socket.write('GET /refused HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    end(transport);
    await ask('/other', agents[1]);
    const closed = closeOf(paused as Socket);
    expect(paused).toMatchObject({ destroyed: false });
    resumeAll();
    await closed;
    expect(resuming).toHaveLength(1);
  });

  test('one that the server closes meanwhile is closed at once, and nothing is left of it', async () => {
    await ask('/refused', agents[0]);
    const closed = closeOf(paused as Socket);
    server.closeAllConnections();
    await closed;
    resumeAll();
    expect(resuming).toHaveLength(1);
  });
});
