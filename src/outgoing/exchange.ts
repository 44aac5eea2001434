import { type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { finished } from 'node:stream/promises';

import type { AddressRule } from './address-rule.js';
import { guardSocket } from './guarded-connection.js';
import { type OutgoingAnswer, OutgoingFailure, type OutgoingRequest } from './outgoing-request.js';

const MAX_HEADER_BYTES = 8 * 1024;

/** RFC 9110 section 15.2: any number of them may precede the response, but each costs time. */
const MAX_INFORMATIONAL = 10;

/** Each chunk costs time however small it is. 10 MiB in packets of the usual size are 8,000. */
const MAX_PIECES = 20_000;

/**
 * Sends one request and reads its response. Redirects are not followed, and content codings not accepted.
 *
 * @param rule - to which addresses the connection may lead; absent: to any
 * @throws OutgoingFailure
 */
export async function exchange(
  request: OutgoingRequest,
  connection: RequestOptions,
  rule?: AddressRule,
): Promise<OutgoingAnswer> {
  try {
    const answer = await headOf(request, connection, rule);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bodyOf(answer, request) };
  } catch (error) {
    throw failureOf(error as NodeJS.ErrnoException, request);
  }
}

async function headOf(
  { url, method = 'GET', headers = {}, body, signal }: OutgoingRequest,
  connection: RequestOptions,
  rule: AddressRule | undefined,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method,
    headers: { ...headers, 'accept-encoding': 'identity' },
    signal,
    maxHeaderSize: MAX_HEADER_BYTES,
    ...connection,
  };
  return await new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
    if (rule !== undefined) outgoing.once('socket', (socket) => guardSocket(socket, rule));
    let informational = 0;
    outgoing.on('information', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) {
        outgoing.destroy(new OutgoingFailure('unintelligible', 'the response does not begin'));
      }
    });
    // Without a listener, Node would leave the request without any outcome.
    outgoing.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new OutgoingFailure('unintelligible', 'the response changes the protocol'));
    });
    // Not `once`: an error after the response has begun is also emitted here.
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function bodyOf(answer: IncomingMessage, { maximumBytes }: OutgoingRequest): Promise<Buffer> {
  try {
    requireReadable(answer, maximumBytes);
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maximumBytes) answer.destroy(tooLarge(maximumBytes));
      else if (chunks.length > MAX_PIECES) {
        answer.destroy(new OutgoingFailure('unintelligible', 'the response is in too many pieces'));
      }
    });
    await finished(answer);
    if (!answer.complete) throw new OutgoingFailure('unreachable', 'the response ended early');
    return Buffer.concat(chunks);
  } finally {
    // A connection with a partly read response cannot be reused.
    if (!answer.complete) answer.destroy();
  }
}

/** Throws if the headers say that the body is of no use. */
function requireReadable({ headers }: IncomingMessage, maximumBytes: number): void {
  const coding = headers['content-encoding'] ?? 'identity';
  const transfer = headers['transfer-encoding'] ?? 'chunked';
  if (coding !== 'identity' || transfer.toLowerCase() !== 'chunked') {
    throw new OutgoingFailure('unintelligible', 'the response has a content coding');
  }
  if (Number(headers['content-length'] ?? 0) > maximumBytes) throw tooLarge(maximumBytes);
}

function tooLarge(maximumBytes: number): OutgoingFailure {
  return new OutgoingFailure('tooLarge', `the response has more than ${maximumBytes} bytes`);
}

function failureOf(cause: NodeJS.ErrnoException, { signal, destination }: OutgoingRequest): OutgoingFailure {
  if (cause instanceof OutgoingFailure) return cause;
  if (signal.aborted) return new OutgoingFailure('timeout', 'no complete response in time', { cause });
  const code = cause.code ?? 'unknown error';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new OutgoingFailure('tooLarge', `the response has headers of more than ${MAX_HEADER_BYTES} bytes`, {
      cause,
    });
  }
  if (code.startsWith('HPE_')) return new OutgoingFailure('unintelligible', 'the response is not HTTP', { cause });
  // The message of Node names the host, or is empty if several addresses were tried.
  const message =
    destination === 'revocationSource' || cause.message === '' ? `no connection (${code})` : cause.message;
  return new OutgoingFailure('unreachable', message, { cause });
}
