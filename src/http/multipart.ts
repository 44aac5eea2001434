import { isUtf8 } from 'node:buffer';
import { Readable, type Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import type { Request } from 'express';
import type { Observable } from 'rxjs';

import { AppError, appError } from '../common/errors.js';
import { readBytes } from './body-bytes.js';
import { hasContentCoding, mediaTypeOf } from './headers.js';
import { LARGE_BYTES } from './large-bodies.js';
import { ApiConsumes } from './openapi/swagger.js';
import { stateOf } from './request-state.js';

/** More than any route uses, so that an unknown part can be named in the error. */
const MAX_PARTS = 8;

/** Maximum bytes of a part without a file name, and of the whole body. */
const MAX_TEXT_BYTES = 16 * 1024;
const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** `MulterError.code` values of well-formed bodies that contain too much. */
const TOO_MUCH: readonly unknown[] = [
  'LIMIT_PART_COUNT',
  'LIMIT_FILE_COUNT',
  'LIMIT_FIELD_COUNT',
  'LIMIT_FIELD_KEY',
  'LIMIT_FIELD_NESTING',
  'LIMIT_FIELD_ARRAY_INDEX',
  'LIMIT_UNEXPECTED_FILE',
];

/** Values of Content-Transfer-Encoding with which the bytes of a part are its content. */
const PLAIN: readonly unknown[] = ['7bit', '8bit', 'binary'];

/** The replacement character that the parser uses for bytes that are not UTF-8. */
const REPLACED = '\ufffd';

interface Received {
  readonly files?: readonly { readonly fieldname: string; readonly originalname: string; readonly buffer: Buffer }[];
  readonly body?: Readonly<Record<string, unknown>>;
  /** The names of the parts that are encoded, as in base64. */
  readonly encoded?: readonly string[];
}

/** A body of `multipart/form-data`, kept in memory; parts of at most `maxFileBytes` bytes. Read after the guards. */
export function Multipart(maxFileBytes: number): MethodDecorator {
  const options = {
    defParamCharset: 'utf8',
    streamHandler: readParts,
    limits: {
      fileSize: maxFileBytes,
      files: MAX_PARTS,
      fields: MAX_PARTS,
      parts: MAX_PARTS,
      fieldSize: MAX_TEXT_BYTES,
      fieldNameSize: 100,
    },
  };
  const AnyFiles = AnyFilesInterceptor(options);

  @Injectable()
  class MultipartInterceptor implements NestInterceptor {
    private readonly parser = new AnyFiles();

    async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const http = context.switchToHttp();
      const request = http.getRequest<Request>();
      const boundary = boundaryOf(request);
      const { bytes, endReading } = await readBytes(request, stateOf(request).actor?.clientExtId ?? '', MAX_BODY_BYTES);
      try {
        const form = receivedForm(request, boundary, bytes);
        const handled = await this.parser.intercept(new ExecutionContextHost([form, http.getResponse()]), next);
        const { files, body, encoded } = form;
        Object.assign(request, { files, body, encoded });
        return handled;
      } catch (error) {
        throw multipartError(error, maxFileBytes);
      } finally {
        endReading?.();
      }
    }
  }
  return applyDecorators(UseInterceptors(MultipartInterceptor), ApiConsumes('multipart/form-data'));
}

/**
 * What the parser reads instead of the request. Of a request, multer would read on what is refused, without bounds, and
 * Nest would reset the connection once the response has been sent: its caller may not have read it by then. The boundary
 * is quoted, because multer reads no parts at all if the Content-Type is not strictly in its grammar.
 */
function receivedForm({ headers }: Request, boundary: string, bytes: Buffer): Readable & Received {
  const type = `multipart/form-data; boundary="${boundary.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  const stream = Readable.from(piecesOf(bytes), { objectMode: false });
  return Object.assign(stream, { headers: { ...headers, 'content-type': type }, encoded: [] });
}

/** A large form takes long to parse, so others are served between two pieces. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += LARGE_BYTES) {
    if (from > 0) await setImmediate();
    yield bytes.subarray(from, from + LARGE_BYTES);
  }
}

/**
 * A part of bytes is one with a file name or of `application/octet-stream`. Multer drops those without a name, so they
 * are given one.
 */
function readParts(form: Readable & { readonly encoded: string[] }, parser: Writable): void {
  const note = (name: string, { encoding }: PartInfo): void => {
    if (!PLAIN.includes(encoding)) form.encoded.push(name);
  };
  parser.prependListener('file', (name: string, _content: unknown, info: PartInfo) => {
    if (info.filename === undefined || info.filename === '') info.filename = 'unnamed';
    note(name, info);
  });
  parser.prependListener('field', (name: string, _content: unknown, info: PartInfo) => note(name, info));
  form.pipe(parser);
}

interface PartInfo {
  filename?: string;
  /** In lower case; `7bit` if the part does not say. */
  readonly encoding: string;
}

/** Some clients send text as a file as well; what is read as text leaves no other bytes whole. */
type PartKind = 'file' | 'text';

/** The parts of the body by their names; 422 for any other, a second one, or one that must come as a file and does not. */
export function partsOf<Name extends string>(
  request: Request,
  known: Readonly<Record<Name, PartKind>>,
): Partial<Record<Name, Buffer>> {
  const { files = [], body = {}, encoded = [] } = request as unknown as Received;
  if (files.some(({ originalname }) => originalname.includes(REPLACED))) throw notUtf8('body', 'A file name');
  const parts = new Map<string, Buffer>();
  for (const [name, content] of [
    ...files.map(({ fieldname, buffer }) => [fieldname, buffer] as const),
    ...Object.entries(body),
  ]) {
    // Of `name[member]` the parser makes an object.
    const isPart = typeof content === 'string' || Buffer.isBuffer(content) || Array.isArray(content);
    if (name.includes(REPLACED)) throw notUtf8('body', 'The name of a part');
    // Of a charset that it does not know the parser makes nothing.
    if (Object.hasOwn(known, name) && content === undefined) {
      throw invalidPart(name, `The part ${name} must be text in UTF-8; its Content-Type names another charset.`);
    }
    if (!Object.hasOwn(known, name) || !isPart) {
      throw invalidPart('body', `The body must have only the parts ${Object.keys(known).join(' and ')}.`);
    }
    // RFC 7578 section 4.7: parts have none. Read as it is, a name or a password would be another one.
    if (encoded.includes(name)) {
      throw invalidPart(name, `The part ${name} must be sent as it is, without a Content-Transfer-Encoding.`);
    }
    if (parts.has(name) || Array.isArray(content)) throw invalidPart(name, `The part ${name} is sent twice.`);
    if (known[name as Name] === 'file' && typeof content === 'string') {
      throw invalidPart(
        name,
        `The part ${name} must be sent as a file: with a file name, or as application/octet-stream.`,
      );
    }
    const isText = Buffer.isBuffer(content) ? isUtf8(content) : !content.includes(REPLACED);
    if (known[name as Name] === 'text' && !isText) throw notUtf8(name, `The part ${name}`);
    parts.set(name, Buffer.isBuffer(content) ? content : Buffer.from(content));
  }
  return Object.fromEntries(parts) as Partial<Record<Name, Buffer>>;
}

export function invalidPart(field: string, message: string): AppError {
  return appError({ code: 'errors.invalidData', message, field });
}

function notUtf8(field: string, what: string): AppError {
  return invalidPart(field, `${what} is not valid UTF-8.`);
}

function boundaryOf(request: Request): string {
  const { type, parameters } = mediaTypeOf(request);
  const { boundary = '' } = parameters;
  // `boundary=` and `boundary=""` count as missing.
  if (type !== 'multipart/form-data' || boundary.trim() === '' || hasContentCoding(request)) {
    throw appError({
      code: 'errors.unsupportedMediaType',
      message: 'The body must be multipart/form-data, with its boundary and without a content coding.',
      field: 'Content-Type',
    });
  }
  return boundary;
}

/** The error for what multer refuses. Nest guesses a status from its text, and keeps the error itself as the cause. */
export function multipartError(thrown: unknown, maxFileBytes: number): unknown {
  if (thrown instanceof AppError) return thrown;
  const error: unknown = thrown instanceof HttpException ? thrown.cause : thrown;
  // Multer has a code for every limit that is exceeded; its parser has none for what it cannot read.
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (code === 'LIMIT_FILE_SIZE') return tooLarge(`A file in the body is larger than ${maxFileBytes / 1024} KiB.`);
  if (code === 'LIMIT_FIELD_VALUE') {
    return tooLarge(`A text part of the body is larger than ${MAX_TEXT_BYTES / 1024} KiB.`);
  }
  if (TOO_MUCH.includes(code)) return invalidPart('body', 'The body has more parts than this path accepts.');
  return appError({ code: 'errors.malformedRequest', message: 'The body cannot be read as multipart/form-data.' });
}

function tooLarge(message: string): AppError {
  return appError({ code: 'errors.payloadTooLarge', message });
}
