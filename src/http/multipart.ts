import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { ApiConsumes } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Observable } from 'rxjs';

import { type AppError, appError } from '../common/errors.js';

/** More than any route asks for, so that a part which nobody knows can be named. */
const MOST_PARTS = 8;

/** Bytes of a part without a file name, and of all parts with what is around them. */
const LARGEST_TEXT = 16 * 1024;
const LARGEST_BODY = 2 * 1024 * 1024;

/** What multer says of bodies that it reads well, and that nobody wants. */
const TOO_MUCH = /^(Too many|Field name|Unexpected file)/;

interface Received {
  readonly files?: readonly { readonly fieldname: string; readonly buffer: Buffer }[];
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A body of `multipart/form-data`, kept in memory; parts of at most `largestFile` bytes. Read after the guards. */
export function Multipart(largestFile: number): MethodDecorator {
  const AnyFiles = AnyFilesInterceptor({
    limits: {
      fileSize: largestFile,
      files: MOST_PARTS,
      fields: MOST_PARTS,
      parts: MOST_PARTS,
      fieldSize: LARGEST_TEXT,
      fieldNameSize: 100,
    },
  });

  @Injectable()
  class MultipartInterceptor implements NestInterceptor {
    private readonly parser = new AnyFiles();

    async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const request = context.switchToHttp().getRequest<Request>();
      checkHeaders(request);
      try {
        // First, for whoever listens makes the body flow.
        const parsed = this.parser.intercept(context, next);
        return await Promise.race([parsed, untilTooLarge(request)]);
      } catch (error) {
        throw domainErrorOf(error, largestFile);
      }
    }
  }
  return applyDecorators(UseInterceptors(MultipartInterceptor), ApiConsumes('multipart/form-data'));
}

/** What is sent without a file name is read as text, which leaves nothing whole that is none. */
type PartKind = 'file' | 'any';

/** The parts of the body by their names; 422 for any other, a second one, or one that must come as a file and does not. */
export function partsOf<Name extends string>(
  request: Request,
  known: Readonly<Record<Name, PartKind>>,
): Partial<Record<Name, Buffer>> {
  const { files = [], body = {} } = request as unknown as Received;
  const parts = new Map<string, Buffer>();
  for (const [name, content] of [
    ...files.map(({ fieldname, buffer }) => [fieldname, buffer] as const),
    ...Object.entries(body),
  ]) {
    // Of `name[member]` the parser makes an object.
    const isPart = typeof content === 'string' || Buffer.isBuffer(content) || Array.isArray(content);
    if (!Object.hasOwn(known, name) || !isPart) {
      throw invalidPart(
        'body',
        `The parts of this body are ${Object.keys(known).join(' and ')}; there is another one.`,
      );
    }
    if (parts.has(name) || Array.isArray(content)) throw invalidPart(name, `The part ${name} is sent twice.`);
    if (known[name as Name] === 'file' && typeof content === 'string') {
      throw invalidPart(name, `The part ${name} must be sent as a file, with a file name.`);
    }
    parts.set(name, Buffer.isBuffer(content) ? content : Buffer.from(content));
  }
  return Object.fromEntries(parts) as Partial<Record<Name, Buffer>>;
}

export function invalidPart(field: string, message: string): AppError {
  return appError({ code: 'errors.invalidData', message, field });
}

function checkHeaders(request: Request): void {
  if (!/^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')) {
    throw appError({
      code: 'errors.unsupportedMediaType',
      message: 'The body must be multipart/form-data, with its boundary.',
      field: 'Content-Type',
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) throw bodyTooLarge();
}

/** The parser reads a body that it refuses to its end; one without a length may have none. */
function untilTooLarge(request: Request): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  let size = 0;
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= LARGEST_BODY) return;
    request.off('data', onData).unpipe();
    request.resume();
    reject(bodyTooLarge());
  };
  request.on('data', onData);
  return promise;
}

function bodyTooLarge(): AppError {
  return tooLarge(`The body is larger than ${LARGEST_BODY / 1024} KiB.`);
}

function domainErrorOf(error: unknown, largestFile: number): unknown {
  if (!(error instanceof HttpException)) return error;
  if (error.getStatus() === 413) return tooLarge(`A file in the body is larger than ${largestFile / 1024} KiB.`);
  if (error.message.startsWith('Field value too long')) {
    return tooLarge(`A part of the body that is no file is larger than ${LARGEST_TEXT / 1024} KiB.`);
  }
  if (TOO_MUCH.test(error.message)) return invalidPart('body', 'The body has more parts than this path takes.');
  return appError({ code: 'errors.malformedRequest', message: 'The body cannot be read as multipart/form-data.' });
}

function tooLarge(message: string): AppError {
  return appError({ code: 'errors.payloadTooLarge', message });
}
