import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from 'pino';

import type { Scheduler } from '../common/scheduler.js';
import type { Settings } from '../config/settings.js';
import { plainAddress, TrustedProxies } from './client-address.js';
import { answerInTheMaking } from './last-answer.js';
import { rawAnswer } from './raw-answer.js';

/** How often the connections are looked at. */
const LOOK_MS = 1_000;

/** For so many looks a peer may go on sending behind its last answer, or not close its side. */
const LINGER_LOOKS = 5;

/** An answer of which less is taken in so many looks is dropped, with its connection. */
const STALLED_LOOKS = 30;
const STALLED_BYTES = 32 * 1024;

/** Refusals are logged once in so many looks. */
const LOG_LOOKS = 10;

/** Of the connections that there may be, for one address that is no trusted proxy's. */
const SHARE = 0.5;

type Reason = 'total' | 'address';

interface Connection {
  readonly address: string;
  /** What was waiting to be taken, when, and how much had been written until then. */
  waiting: { readonly bytes: number; readonly written: number; looks: number } | undefined;
  /** Since its last answer has been taken. */
  looksSinceEnd: number;
}

/**
 * The callers' connections: how many there may be, which one ends where there is no room for another, and which end
 * whatever their peers do: those with an answer that nobody reads, and those that have had their last.
 */
export class Connections {
  private readonly connections = new Map<Socket, Connection>();
  private readonly byAddress = new Map<string, number>();
  /** Between two requests, the longest waiting first. */
  private readonly idle = new Set<Socket>();
  private readonly counts: Record<Reason, number> = { total: 0, address: 0 };
  private readonly max: number;
  private readonly maxOfAddress: number;
  private readonly proxies: TrustedProxies;
  private unlogged = 0;
  private looksSinceLog = LOG_LOOKS;

  constructor(
    { maxConnections, trustedProxies }: Pick<Settings, 'maxConnections' | 'trustedProxies'>,
    private readonly logger: Logger,
  ) {
    this.max = maxConnections;
    this.maxOfAddress = Math.ceil(maxConnections * SHARE);
    this.proxies = new TrustedProxies(trustedProxies);
  }

  get open(): number {
    return this.connections.size;
  }

  /** Since the start. */
  get refused(): Readonly<Record<Reason, number>> {
    return this.counts;
  }

  watch(server: Server, scheduler: Scheduler): void {
    server.prependListener('connection', (socket: Socket) => this.admit(socket));
    server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.idle.delete(socket);
      response.once('close', () => {
        if (this.connections.has(socket) && answerInTheMaking(socket) === undefined) this.idle.add(socket);
      });
    });
    const end = scheduler.every(LOOK_MS, () => {
      this.look();
      return Promise.resolve();
    });
    server.once('close', () => void end());
  }

  private admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const ofAddress = this.byAddress.get(address) ?? 0;
    if (ofAddress >= this.maxOfAddress && !this.proxies.has(address)) {
      this.refuse(socket, 'address');
    } else if (this.connections.size >= this.max && !this.endIdle()) {
      this.refuse(socket, 'total');
    } else {
      this.connections.set(socket, { address, waiting: undefined, looksSinceEnd: 0 });
      this.byAddress.set(address, ofAddress + 1);
      socket.once('close', () => this.forget(socket));
    }
  }

  /** Whether there was one: it is the one that most likely nobody needs any more. */
  private endIdle(): boolean {
    const [oldest] = this.idle;
    if (oldest === undefined) return false;
    oldest.destroy();
    this.forget(oldest);
    return true;
  }

  private forget(socket: Socket): void {
    const connection = this.connections.get(socket);
    if (connection === undefined) return;
    this.connections.delete(socket);
    this.idle.delete(socket);
    const { address } = connection;
    const rest = (this.byAddress.get(address) ?? 1) - 1;
    if (rest === 0) this.byAddress.delete(address);
    else this.byAddress.set(address, rest);
  }

  /** Nothing is read of it: an answer is tried, for a caller that may be told. */
  private refuse(socket: Socket, reason: Reason): void {
    this.counts[reason] += 1;
    this.unlogged += 1;
    const message = 'The server has as many connections as it takes.';
    socket.on('error', () => undefined);
    socket.end(rawAnswer(503, { code: 'errors.unavailable', message }, randomUUID(), ['Retry-After: 1']));
    socket.destroySoon();
  }

  private look(): void {
    for (const [socket, connection] of this.connections) {
      if (isLeftOpen(socket, connection)) {
        socket.destroy();
      } else if (isStalled(socket, connection)) {
        this.logger.info({ address: connection.address, bytes: connection.waiting?.bytes }, 'answer not read');
        socket.destroy();
      }
    }
    this.looksSinceLog += 1;
    if (this.unlogged === 0 || this.looksSinceLog < LOG_LOOKS) return;
    this.logger.warn({ refused: this.unlogged, open: this.open }, 'connections refused');
    this.unlogged = 0;
    this.looksSinceLog = 0;
  }
}

/** Whether the peer has had its last answer for long enough: it holds a descriptor for nothing. */
function isLeftOpen({ writableFinished }: Socket, connection: Connection): boolean {
  if (!writableFinished) return false;
  connection.looksSinceEnd += 1;
  return connection.looksSinceEnd > LINGER_LOOKS;
}

/** Whether too little has been taken of what is written. */
function isStalled(socket: Socket, connection: Connection): boolean {
  const { writableLength, bytesWritten: written } = socket;
  if (writableLength === 0) {
    connection.waiting = undefined;
    return false;
  }
  const bytes = unsentBytes(socket);
  const { waiting } = connection;
  if (waiting === undefined || waiting.written !== written) {
    connection.waiting = { bytes, written, looks: 0 };
    return false;
  }
  waiting.looks += 1;
  if (waiting.looks < STALLED_LOOKS) return false;
  if (waiting.bytes - bytes < STALLED_BYTES) return true;
  connection.waiting = { bytes, written, looks: 0 };
  return false;
}

/** What the peer has left no room for: `writableLength` counts a chunk until its last byte has been taken. */
function unsentBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { readonly writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
