import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from 'pino';

import type { Scheduler } from '../common/scheduler.js';
import { plainAddress } from '../config/networks.js';
import type { Settings } from '../config/settings.js';
import { TrustedProxies } from './client-address.js';
import { pendingResponse } from './last-answer.js';
import { rawAnswer } from './raw-answer.js';

/** How often the connections are checked. */
const CHECK_INTERVAL_MS = 1_000;

/** Number of checks for which a peer may keep sending after its last response, or keep its side open. */
const LINGER_CHECKS = 5;

/** If the peer takes less than STALLED_BYTES of a response in this many checks, its connection is closed. */
const STALLED_CHECKS = 30;
const STALLED_BYTES = 32 * 1024;

/** Refused connections are logged at most once in this many checks. */
const LOG_CHECKS = 10;

/** The share of all allowed connections that one address may use, unless it is a trusted proxy. */
const SHARE = 0.5;

type Reason = 'total' | 'address';

interface Connection {
  readonly address: string;
  /** Beneath TLS, the socket that sends the encrypted bytes. */
  readonly transport?: Socket;
  /** The bytes that the peer had not yet taken at the last progress, and the bytes written until then. */
  waiting: { readonly bytes: number; readonly written: number; checks: number } | undefined;
  /** Number of checks since the last response was fully taken. */
  checksSinceEnd: number;
}

/**
 * Limits the number of client connections. When there is no room for another, an idle one is closed. Connections are
 * also closed if the peer does not read a response, or keeps the connection open after its last response.
 */
export class Connections {
  private readonly connections = new Map<Socket, Connection>();
  private readonly byAddress = new Map<string, number>();
  /** Connections that wait for their next request, the longest waiting first. */
  private readonly idle = new Set<Socket>();
  private readonly counts: Record<Reason, number> = { total: 0, address: 0 };
  private readonly max: number;
  private readonly maxOfAddress: number;
  private readonly proxies: TrustedProxies;
  private unlogged = 0;
  private checksSinceLog = LOG_CHECKS;

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

  /** Counted since the server started. */
  get refused(): Readonly<Record<Reason, number>> {
    return this.counts;
  }

  watch(server: Server, scheduler: Scheduler): void {
    server.prependListener('connection', (socket: Socket) => {
      const refused = this.connections.has(socket) ? undefined : this.admit(socket);
      if (refused !== undefined) this.refuse(socket, refused);
    });
    server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      this.idle.delete(socket);
      response.once('close', () => {
        if (this.connections.has(socket) && pendingResponse(socket) === undefined) this.idle.add(socket);
      });
    });
    const end = scheduler.every(CHECK_INTERVAL_MS, () => {
      this.check();
      return Promise.resolve();
    });
    server.once('close', () => void end());
  }

  /** Counts a connection that will use TLS. Returns false if it was closed, without a response: none can be sent yet. */
  admitBeforeHandshake(socket: Socket): boolean {
    const refused = this.admit(socket);
    if (refused === undefined) return true;
    this.count(refused);
    socket.on('error', () => undefined);
    socket.destroy();
    return false;
  }

  /** After the handshake, the connection is that of the TLS socket; it is not counted again. */
  secured(transport: Socket, socket: Socket): void {
    const connection = this.connections.get(transport);
    if (connection === undefined) return;
    this.connections.delete(transport);
    this.connections.set(socket, { ...connection, transport });
    socket.once('close', () => this.forget(socket));
  }

  /** Returns the reason if there is no room for the connection. */
  private admit(socket: Socket): Reason | undefined {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const ofAddress = this.byAddress.get(address) ?? 0;
    if (ofAddress >= this.maxOfAddress && !this.proxies.has(address)) return 'address';
    if (this.connections.size >= this.max && !this.endIdle()) return 'total';
    this.connections.set(socket, { address, waiting: undefined, checksSinceEnd: 0 });
    // Read again, because the idle connection that was closed may be one of this address.
    this.byAddress.set(address, (this.byAddress.get(address) ?? 0) + 1);
    socket.once('close', () => this.forget(socket));
    return undefined;
  }

  /** Closes the connection that has been idle the longest. Returns false if no connection is idle. */
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

  /** Reads nothing from the connection. Tries to send a 503, in case the caller can read it. */
  private refuse(socket: Socket, reason: Reason): void {
    this.count(reason);
    const message = 'The server has reached its limit of connections.';
    socket.on('error', () => undefined);
    socket.end(rawAnswer(503, { code: 'errors.unavailable', message }, randomUUID(), ['Retry-After: 1']));
    socket.destroySoon();
  }

  private count(reason: Reason): void {
    this.counts[reason] += 1;
    this.unlogged += 1;
  }

  private check(): void {
    for (const [socket, connection] of this.connections) {
      if (isLeftOpen(socket, connection)) {
        socket.destroy();
      } else if (isStalled(socket, connection)) {
        this.logger.info({ address: connection.address, bytes: connection.waiting?.bytes }, 'answer not read');
        socket.destroy();
      }
    }
    this.checksSinceLog += 1;
    if (this.unlogged === 0 || this.checksSinceLog < LOG_CHECKS) return;
    this.logger.warn({ refused: this.unlogged, open: this.open }, 'connections refused');
    this.unlogged = 0;
    this.checksSinceLog = 0;
  }
}

/**
 * Whether the last response was sent long ago and the peer still holds the connection open, which costs a file
 * descriptor.
 */
function isLeftOpen({ writableFinished }: Socket, connection: Connection): boolean {
  if (!writableFinished) return false;
  connection.checksSinceEnd += 1;
  return connection.checksSinceEnd > LINGER_CHECKS;
}

/** Whether the peer has taken too little of the pending response. */
function isStalled(socket: Socket, connection: Connection): boolean {
  const { writableLength, bytesWritten: written } = socket;
  if (writableLength === 0) {
    connection.waiting = undefined;
    return false;
  }
  const bytes = unsentBytes(socket, connection.transport);
  const { waiting } = connection;
  if (waiting === undefined || waiting.written !== written) {
    connection.waiting = { bytes, written, checks: 0 };
    return false;
  }
  waiting.checks += 1;
  if (waiting.checks < STALLED_CHECKS) return false;
  if (waiting.bytes - bytes < STALLED_BYTES) return true;
  connection.waiting = { bytes, written, checks: 0 };
  return false;
}

/**
 * Bytes that the peer has not yet made room for. `writableLength` alone counts a chunk until its last byte has been
 * sent.
 */
function unsentBytes(socket: Socket, transport: Socket | undefined): number {
  const encrypted = transport === undefined ? undefined : queuedBytes(transport);
  return (queuedBytes(socket) ?? socket.writableLength) + (encrypted ?? 0);
}

function queuedBytes(socket: Socket): number | undefined {
  const { _handle: handle } = socket as Socket & { _handle?: { readonly writeQueueSize?: number } | null };
  return handle?.writeQueueSize;
}
