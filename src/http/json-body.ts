import type { Request } from 'express';

import { type AppError, appError } from '../common/errors.js';
import { parseJson } from './json-text.js';
import { isUtf8Charset, mediaTypeOf } from './media-type.js';

/** Contract 7.1: what a body may hold where a route says nothing else. */
export const BODY_LIMIT = 128 * 1024;

const JSON_TYPES: readonly string[] = ['application/json', 'application/merge-patch+json'];

/** Reads a body whose media type, size and form are as contract 7.2 wants them, in that order; answers the object. */
export async function readJsonObject(request: Request, limit: number): Promise<Record<string, unknown>> {
  const value = await readJson(request, limit);
  if (!isJsonObject(value)) throw malformed('The body must be a JSON object.');
  return value;
}

/** As `readJsonObject`, for routes that take other values, too. `remedy`: a sentence for who sends too much. */
export async function readJson(request: Request, limit: number, remedy?: string): Promise<unknown> {
  checkMediaType(request);
  const bytes = await readBytes(request, limit, remedy);
  if (bytes.length === 0) throw malformed('A body in JSON is required.');
  const parsed = parseJson(bytes);
  if (!parsed.ok) throw malformed(`The body ${parsed.message}.`);
  return parsed.value;
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkMediaType(request: Request): void {
  const { type, parameters } = mediaTypeOf(request);
  const encoding = request.headers['content-encoding'];
  const typeFits =
    request.headers['content-type'] === undefined
      ? !hasBody(request)
      : JSON_TYPES.includes(type) && isUtf8Charset(parameters['charset']);
  if (typeFits && (encoding === undefined || encoding.toLowerCase() === 'identity')) return;
  throw appError({
    code: 'errors.unsupportedMediaType',
    message: 'The body must be application/json in UTF-8, without a content coding.',
    field: 'Content-Type',
  });
}

function hasBody(request: Request): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function readBytes(request: Request, limit: number, remedy: string | undefined): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge(limit, remedy));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off('data', onData);
      request.resume();
      reject(tooLarge(limit, remedy));
    };
    request.on('data', onData);
    request.once('end', () => {
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      // The request outlives its body, and its listeners with it.
      chunks.length = 0;
    });
    request.once('error', () => reject(malformed('The body broke off.')));
    request.once('aborted', () => reject(malformed('The body broke off.')));
  });
}

function malformed(message: string): AppError {
  return appError({ code: 'errors.malformedRequest', message });
}

function tooLarge(limit: number, remedy: string | undefined): AppError {
  return appError({
    code: 'errors.payloadTooLarge',
    message: [`The body is larger than ${limit / 1024} KiB.`, ...(remedy === undefined ? [] : [remedy])].join(' '),
  });
}
