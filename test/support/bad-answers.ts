import type { RequestListener, ServerResponse } from 'node:http';

const MEBIBYTE = 1024 * 1024;

function sendEndlessly(response: ServerResponse): void {
  while (response.write(Buffer.alloc(64 * 1024)));
  response.once('drain', () => sendEndlessly(response));
}

/** What a revocation source may do instead of answering. */
export const badAnswers = {
  redirects: (_request, response) => void response.writeHead(302, { Location: '/good' }).end(),
  garbage: (request) => void request.socket.end('<html>a CRL, they said</html>'),
  page: (_request, response) => void response.end('<html>a CRL, they said</html>'),
  nothing: (_request, response) => void response.end(),
  compressed: (_request, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x'),
  closed: (request) => void request.socket.destroy(),
  huge: (_request, response) => {
    response.writeHead(200, { 'Content-Length': 200 * MEBIBYTE });
    sendEndlessly(response);
  },
  endless: (_request, response) => sendEndlessly(response),
} as const satisfies Readonly<Record<string, RequestListener>>;

/** The length says more than what arrives. */
export const half =
  (body: Buffer): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'Content-Length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  };
