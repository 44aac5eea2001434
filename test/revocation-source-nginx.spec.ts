import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { OutgoingClient } from '../src/outgoing/outgoing-client.js';
import { isNginxMissing, Nginx } from './support/nginx.js';

const MAX_BYTES = 10 * 1024 * 1024;

const isSkipped = isNginxMissing();

/** Slow enough at one byte a second. */
const CRL = randomBytes(2_000);

const answers: Record<string, RequestListener> = {
  '/upstream/endless': (_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', more);
    };
    more();
  },
  '/upstream/broken': (_request, response) => {
    response.writeHead(200, { 'Content-Length': '2000' });
    response.write(CRL.subarray(0, 100));
    setImmediate(() => response.destroy());
  },
  '/upstream/garbage': (request) => void request.socket.end('<html>a CRL, they said</html>'),
  '/upstream/silent': () => undefined,
};

const upstream = createServer((request, response) => answers[request.url ?? '']?.(request, response));
let nginx: Nginx;
let client: OutgoingClient;

beforeAll(async () => {
  if (isSkipped) return;
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  nginx = await Nginx.start(CRL, MAX_BYTES + 1, (upstream.address() as AddressInfo).port);
  client = new OutgoingClient([{ network: '127.0.0.1', ports: [nginx.port] }]);
});

afterAll(async () => {
  if (isSkipped) return;
  await nginx.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const send = async (path: string) =>
  await client.send({
    url: nginx.url(path),
    headers: { accept: 'application/pkix-crl' },
    maximumBytes: MAX_BYTES,
    signal: AbortSignal.timeout(20_000),
    destination: 'revocationSource',
    clientExtId: '100',
  });

test.skipIf(isSkipped)('13.3 a CRL is fetched from nginx', async () => {
  const { status, headers, body } = await send('/ca.crl');
  expect([status, headers['content-type'], body.equals(CRL)]).toEqual([200, 'application/pkix-crl', true]);
});

test.skipIf(isSkipped).each([
  ['/moved.crl', 'refused'],
  ['/moved-here.crl', 'refused'],
  ['/slow.crl', 'timeout'],
  ['/closed.crl', 'unreachable'],
  ['/coded.crl', 'unintelligible'],
  ['/huge.crl', 'tooLarge'],
  ['/huge-chunked.crl', 'tooLarge'],
  ['/upstream/endless', 'tooLarge'],
  ['/upstream/broken', 'unreachable'],
  // nginx passes on what it takes for HTTP/0.9.
  ['/upstream/garbage', 'unintelligible'],
  ['/upstream/silent', 'timeout'],
])('13.3 what nginx serves as %s is %s', async (path, reason) => {
  await expect(send(path)).rejects.toMatchObject({ reason });
});

test.skipIf(isSkipped)('13.3 what nginx does not have is 404', async () => {
  expect((await send('/missing.crl')).status).toBe(404);
});
