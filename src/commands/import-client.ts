import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import { printable } from '../common/printable.js';
import type { Secret } from '../common/secret.js';
import { StartError } from '../common/start-error.js';
import { listOf, memberOf, messagesOf, textOf } from '../explanation/json-answer.js';

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

interface Target {
  readonly url: URL;
  readonly token: Secret<string>;
  readonly clientExtId: string;
}

interface SentFile {
  readonly file: string;
  readonly format: keyof typeof TYPES;
  readonly dryRun: boolean;
  /** The bytes that have been sent so far. */
  readonly onSent: (bytes: number) => void;
}

/** A line of the results, or the last one, with the counts. */
export interface ResultLine {
  readonly position: number | undefined;
  readonly userExtId: string | undefined;
  readonly result: string | undefined;
  readonly messages: readonly string[];
}

export interface Counts {
  readonly status: string | undefined;
  readonly total: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly gone: number;
}

/** Sends a file to a server, and reads what became of its lines. */
export class ImportClient {
  constructor(private readonly target: Target) {}

  /** @throws StartError with what the server said, if it does not take the file */
  async post({ file, format, dryRun, onSent }: SentFile): Promise<Response> {
    const path = `/nevisidm/api/core/v1/${encodeURIComponent(this.target.clientExtId)}/import`;
    const body = Readable.toWeb(Readable.from(counted(createReadStream(file), onSent), { objectMode: false }));
    const init = { method: 'POST', body, duplex: 'half', headers: { 'Content-Type': TYPES[format] } };
    return await this.send(dryRun ? `${path}?dryRun=true` : path, init as unknown as RequestInit, 'import the file');
  }

  async job(location: string): Promise<Counts> {
    const answer = await this.send(location, { headers: { Accept: 'application/json' } }, 'tell of the job');
    return countsOf(await answer.json());
  }

  async results(location: string): Promise<Response> {
    return await this.send(location, { headers: { Accept: TYPES.ndjson } }, 'tell of the results');
  }

  private async send(path: string, init: RequestInit, purpose: string): Promise<Response> {
    const { url, token } = this.target;
    const [pathname = '', search = ''] = path.split('?', 2);
    const target = new URL(url);
    target.pathname = `${url.pathname.replace(/\/$/, '')}${pathname}`;
    target.search = search;
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token.reveal()}`);
    const response = await fetch(target, { ...init, headers, redirect: 'error' }).catch((error: unknown) => {
      const { cause = error } = error as { cause?: unknown };
      throw new StartError(`${url.origin} did not answer: ${printable((cause as Error).message)}.`, { cause: error });
    });
    if (response.ok) return response;
    const said = messagesOf(await response.json().catch(() => undefined)).map((message) => printable(message));
    throw new StartError(`${url.origin} did not ${purpose} (status ${response.status}). ${said.join(' ')}`.trim());
  }
}

/** The lines of an answer; returns the counts, which are its last line. */
export async function* resultLines(response: Response): AsyncGenerator<ResultLine, Counts> {
  if (response.body === null) throw new StartError('The answer is empty.');
  const input = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  let last: unknown;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    last = JSON.parse(text) as unknown;
    if (memberOf(last, 'position') !== undefined) yield resultLineOf(last);
  }
  if (memberOf(last, 'total') === undefined) throw new StartError('The answer ended too early; it is not complete.');
  return countsOf(last);
}

function resultLineOf(line: unknown): ResultLine {
  const position = memberOf(line, 'position');
  return {
    position: typeof position === 'number' ? position : undefined,
    userExtId: textOf(line, 'userExtId'),
    result: textOf(line, 'result'),
    messages: listOf(line, 'errors').map((error) => textOf(error, 'message') ?? ''),
  };
}

function countsOf(json: unknown): Counts {
  const count = (name: string): number => Number(memberOf(json, name) ?? 0);
  return {
    status: textOf(json, 'status'),
    total: count('total'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    gone: count('gone'),
  };
}

async function* counted(bytes: AsyncIterable<Buffer>, onSent: (bytes: number) => void): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of bytes) {
    yield chunk;
    sent += chunk.length;
    onSent(sent);
  }
}
