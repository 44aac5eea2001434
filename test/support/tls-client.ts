import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text as readText } from 'node:stream/consumers';

import { privateKeyPem } from './keys.js';
import type { IssuedCertificate } from './pki.js';

/** What a TLS client sends as its certificate, with these others behind it. */
export async function clientCertificate(
  { pem, keys }: IssuedCertificate,
  others: readonly IssuedCertificate[] = [],
): Promise<{ readonly cert: string; readonly key: string }> {
  return { cert: [pem, ...others.map((other) => other.pem)].join(''), key: await privateKeyPem(keys.privateKey) };
}

interface TlsAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface ShownCertificate {
  readonly status: number | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads any body
  readonly body: any;
}

export interface TlsSending extends Omit<RequestOptions, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** One request to a TLS port of this machine, on a connection of its own. The server may be anybody. */
export async function sendByTls(port: number, path: string, { body, ...options }: TlsSending = {}): Promise<TlsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>();
  httpsRequest({ host: '127.0.0.1', port, path, agent: false, rejectUnauthorized: false, ...options }, (response) => {
    const { statusCode: status, headers } = response;
    void readText(response).then((text) => resolve({ status, headers, text }), reject);
  })
    .on('error', reject)
    .end(body);
  return await promise;
}

/** GET /api/client-certificate. */
export async function showCertificate(
  port: number,
  token: string,
  { headers = {}, ...options }: TlsSending = {},
): Promise<ShownCertificate> {
  const all = { ...headers, Authorization: `Bearer ${token}` };
  const { status, text } = await sendByTls(port, '/api/client-certificate', { ...options, headers: all });
  return { status, body: JSON.parse(text) as unknown };
}
