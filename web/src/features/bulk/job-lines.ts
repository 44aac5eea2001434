import { call } from '../../api/client.js';
import { client } from '../../api/generated/client.gen.js';
import type { JobResource, JobRowResource } from '../../api/generated/types.gen.js';

const LINES = 'application/x-ndjson';
const SECURITY = [{ scheme: 'bearer', type: 'http' }] as const;
const BASE = '/nevisidm/api/core/v1/{clientExtId}';

export interface JobPath {
  readonly clientExtId: string;
  readonly id: string;
}

/** The results of a job as a file. */
export async function resultsFile(path: JobPath): Promise<Blob> {
  const pending = client.get<Blob>({
    security: SECURITY,
    url: `${BASE}/certificates/bulk/{id}`,
    path: { ...path },
    headers: { Accept: LINES },
    parseAs: 'blob',
  });
  return (await call(pending)) as Blob;
}

/** An answer without its last line is not complete. */
class IncompleteAnswer extends Error {}

/** The lines of the results; the last one, which is the job, is left out. */
export async function resultRows(path: JobPath): Promise<readonly JobRowResource[]> {
  const lines = (await (await resultsFile(path)).text()).trimEnd().split('\n');
  const last = JSON.parse(lines.pop() ?? 'null') as JobResource | null;
  if (last?.status === undefined) throw new IncompleteAnswer();
  return lines.map((line) => JSON.parse(line) as JobRowResource);
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
  const pending = client.post<ReadableStream<Uint8Array>>({
    ...importRequest(clientExtId, file),
    query: { dryRun: true },
    parseAs: 'stream',
    signal,
  });
  const body = (await call(pending)) as ReadableStream<Uint8Array>;
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  let isComplete = false;
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    const lines = (rest + step.value).split('\n');
    rest = lines.pop() ?? '';
    const read = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as object);
    isComplete = read.some((line) => 'total' in line);
    onRows(read.filter((line): line is JobRowResource => 'position' in line));
  }
  if (!isComplete) throw new IncompleteAnswer();
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
