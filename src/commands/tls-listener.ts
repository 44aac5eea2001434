import { constants } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';

import { LOGGER } from '../common/logger.token.js';
import { Scheduler } from '../common/scheduler.js';
import type { TlsSettings } from '../config/tls-settings.js';
import { keepCertificates } from '../http/client-certificate/tls-certificates.js';
import { Connections } from '../http/connections.js';
import { ListeningSockets } from './listening-sockets.js';
import { ServerCertificate } from './server-certificate.js';

/** A handshake must have ended this long after the connection was accepted, however much the client sends. */
const HANDSHAKE_MS = 10_000;

/** How often the files are looked at. */
const REFRESH_MS = 10_000;

const { SSL_OP_NO_RENEGOTIATION, SSL_OP_NO_TICKET } = constants;

/** Every client is accepted, with any certificate or none: whether it may log in is decided by the routes. */
const OPTIONS: TlsOptions = {
  requestCert: true,
  rejectUnauthorized: false,
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ALPNProtocols: ['http/1.1'],
  // No session is resumed, so that each connection has proved that it has the private key of its certificate, and has
  // the certificate and its chain. A later handshake on the same connection could change the certificate.
  secureOptions: SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET,
};

export interface TlsListenerParts {
  /** Handles the requests, with the same limits as those of its own connections. */
  readonly server: HttpServer;
  readonly connections: Connections;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
}

interface Handshake {
  readonly transport: Socket;
  readonly timer: NodeJS.Timeout;
}

/** Accepts TLS connections and hands them, decrypted, to the HTTP server. */
export class TlsListener {
  readonly sockets: ListeningSockets;
  private readonly tls;
  /** Connections whose handshake has not ended, by their two ends. */
  private readonly handshakes = new Map<string, Handshake>();
  private readonly endRefresh: () => Promise<void>;

  constructor(
    private readonly parts: TlsListenerParts,
    certificate: ServerCertificate,
    private readonly handshakeMs = HANDSHAKE_MS,
  ) {
    this.tls = createTlsServer({ ...OPTIONS, ...certificate.options })
      .on('secureConnection', (socket) => this.handOver(socket))
      .on('tlsClientError', ({ code }: NodeJS.ErrnoException, socket) => {
        parts.logger.debug({ address: socket.remoteAddress, code }, 'TLS handshake failed');
        socket.destroy();
      });
    // Created with the same options as the sockets of an HTTP server.
    const server = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket));
    this.sockets = new ListeningSockets(server);
    this.endRefresh = parts.scheduler.every(REFRESH_MS, async () => {
      if (await certificate.refresh()) this.tls.setSecureContext({ ...OPTIONS, ...certificate.options });
    });
  }

  stopAccepting(): void {
    this.sockets.stopAccepting();
  }

  /** Resolves when all connections have ended. A handshake is cut off, like a connection that is idle. */
  async close(): Promise<void> {
    const closed = this.sockets.close();
    for (const { transport } of this.handshakes.values()) transport.destroy();
    await this.endRefresh();
    await closed;
  }

  private accept(socket: Socket): void {
    if (!this.parts.connections.admitBeforeHandshake(socket)) return;
    const ends = endsOf(socket);
    const timer = setTimeout(() => socket.destroy(), this.handshakeMs);
    this.handshakes.set(ends, { transport: socket, timer });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      if (this.handshakes.get(ends)?.transport === socket) this.handshakes.delete(ends);
    });
    // A client that leaves during the handshake would otherwise be counted until the time limit.
    socket.allowHalfOpen = false;
    this.tls.emit('connection', socket);
  }

  private handOver(socket: TLSSocket): void {
    const ends = endsOf(socket);
    const handshake = this.handshakes.get(ends);
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    clearTimeout(handshake.timer);
    this.handshakes.delete(ends);
    keepCertificates(socket);
    this.parts.connections.secured(handshake.transport, socket);
    this.parts.server.emit('connection', socket);
  }
}

export async function tlsListenerOf(app: NestExpressApplication, settings: TlsSettings): Promise<TlsListener> {
  const logger = app.get<Logger>(LOGGER);
  const certificate = await ServerCertificate.read(settings, logger);
  const parts = {
    server: app.getHttpServer(),
    connections: app.get(Connections),
    scheduler: app.get(Scheduler),
    logger,
  };
  return new TlsListener(parts, certificate);
}

/** Node does not say which connection a TLS socket belongs to. */
function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
