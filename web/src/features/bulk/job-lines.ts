import { call } from '../../api/client.js';
import { client } from '../../api/generated/client.gen.js';
import type { JobResource, JobRowResource } from '../../api/generated/types.gen.js';
import { IncompleteAnswer } from '../../api/incomplete-answer.js';

const LINES = 'application/x-ndjson';
const SECURITY = [{ scheme: 'bearer', type: 'http' }] as const;
const BASE = '/nevisidm/api/core/v1/{clientExtId}';

type Body = ReadableStream<Uint8Array>;

export interface JobPath {
  readonly clientExtId: string;
  readonly id: string;
}

/** @throws IncompleteAnswer from all functions that read lines */
async function resultLines(path: JobPath): Promise<AsyncIterable<readonly string[]>> {
  const pending = client.get<Body>({
    security: SECURITY,
    url: `${BASE}/certificates/bulk/{id}`,
    path: { ...path },
    headers: { Accept: LINES },
    parseAs: 'stream',
  });
  return linesOf((await call(pending)) as Body);
}

/** The results of a job as a file, whose last line is the job. */
export async function resultsFile(path: JobPath): Promise<Blob> {
  const parts: string[] = [];
  for await (const lines of await resultLines(path)) parts.push(`${lines.join('\n')}\n`);
  return new Blob(parts, { type: LINES });
}

/** Hands over the rows of the results as they come. */
export async function readResults(path: JobPath, onRows: (rows: readonly JobRowResource[]) => void): Promise<void> {
  for await (const lines of await resultLines(path)) onRows(rowsOf(lines));
}

export async function beginImport(clientExtId: string, file: File): Promise<JobResource> {
  const pending = client.post<JobResource>({ ...importRequest(clientExtId, file) });
  return (await call(pending)) as JobResource;
}

/** Hands over the results of a dry run as they come. */
export async function previewImport(
  clientExtId: string,
  file: File,
  signal: AbortSignal,
  onRows: (rows: readonly JobRowResource[]) => void,
): Promise<void> {
  const pending = client.post<Body>({
    ...importRequest(clientExtId, file),
    query: { dryRun: true },
    parseAs: 'stream',
    signal,
  });
  for await (const lines of linesOf((await call(pending)) as Body)) onRows(rowsOf(lines));
}

/** Lines as they come. The last one has no position: without it, the answer broke off. */
async function* linesOf(body: Body): AsyncGenerator<readonly string[]> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  let last = '{"position":0}';
  for (let step = await nextOf(reader); !step.done; step = await nextOf(reader)) {
    const lines = (rest + step.value).split('\n');
    rest = lines.pop() ?? '';
    last = lines.at(-1) ?? last;
    if (lines.length > 0) yield lines;
  }
  if (rest !== '' || 'position' in (JSON.parse(last) as object)) throw new IncompleteAnswer();
}

async function nextOf(reader: ReadableStreamDefaultReader<string>) {
  try {
    return await reader.read();
  } catch (error) {
    // Somebody who leaves the page wants no answer any more.
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new IncompleteAnswer();
  }
}

function rowsOf(lines: readonly string[]): readonly JobRowResource[] {
  return lines.flatMap((line) => {
    const read = JSON.parse(line) as object;
    return 'position' in read ? [read as JobRowResource] : [];
  });
}

function importRequest(clientExtId: string, file: File) {
  return {
    security: SECURITY,
    url: `${BASE}/import`,
    path: { clientExtId },
    body: file,
    bodySerializer: null,
    headers: { 'Content-Type': /\.(nd)?jsonl?$/i.test(file.name) ? LINES : 'text/csv' },
  };
}
