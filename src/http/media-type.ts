import type { IncomingMessage } from 'node:http';

import { parse } from 'content-type';

interface MediaType {
  /** In lower case; empty if the header is absent or has no media type. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

export function mediaTypeOf(request: IncomingMessage): MediaType {
  return parse(request.headers['content-type'] ?? '');
}

/** No charset also means UTF-8 (RFC 8259 section 8.1); `utf8` is a common spelling. */
export function isUtf8Charset(charset: string | undefined): boolean {
  return charset === undefined || /^utf-?8$/i.test(charset);
}
