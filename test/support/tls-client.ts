import { request as httpsRequest, type RequestOptions } from 'node:https';
import { json } from 'node:stream/consumers';

import { privateKeyPem } from './keys.js';
import type { IssuedCertificate } from './pki.js';

/** What a TLS client sends as its certificate, with these others behind it. */
export async function clientCertificate(
  { pem, keys }: IssuedCertificate,
  others: readonly IssuedCertificate[] = [],
): Promise<{ readonly cert: string; readonly key: string }> {
  return { cert: [pem, ...others.map((other) => other.pem)].join(''), key: await privateKeyPem(keys.privateKey) };
}

interface ShownCertificate {
  readonly status: number | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads any body
  readonly body: any;
}

interface ShowOptions extends Omit<RequestOptions, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

/** GET /api/client-certificate at a TLS port of this machine, on a connection of its own. The server may be anybody. */
export async function showCertificate(
  port: number,
  token: string,
  { headers = {}, ...options }: ShowOptions = {},
): Promise<ShownCertificate> {
  const { promise, resolve, reject } = Promise.withResolvers<ShownCertificate>();
  httpsRequest(
    {
      host: '127.0.0.1',
      port,
      path: '/api/client-certificate',
      agent: false,
      rejectUnauthorized: false,
      headers: { ...headers, Authorization: `Bearer ${token}` },
      ...options,
    },
    (response) => void json(response).then((body) => resolve({ status: response.statusCode, body }), reject),
  )
    .on('error', reject)
    .end();
  return await promise;
}
