import type { IncomingMessage } from 'node:http';

import { parse } from 'content-type';

interface MediaType {
  /** In lower case; empty where the header is absent or holds none. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

export function mediaTypeOf(request: IncomingMessage): MediaType {
  return parse(request.headers['content-type'] ?? '');
}

/** No charset is UTF-8 as well (RFC 8259 section 8.1); `utf8` is a common spelling of it. */
export function isUtf8Charset(charset: string | undefined): boolean {
  return charset === undefined || /^utf-?8$/i.test(charset);
}
