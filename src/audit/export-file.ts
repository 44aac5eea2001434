import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';

import type { AuditEventRow } from './audit-event.table.js';
import { exportedLine } from './exported-event.js';

/**
 * Other accounts of the machine have no business in it. A file that one of them has put there, or a link, is not written
 * to.
 */
const OF_ITS_OWN = { mode: 0o600, flags: 'wx' } as const;

/** In the current folder, whatever the client is called. */
export function exportName(clientExtId: string): string {
  return `audit-${encodeURIComponent(clientExtId)}.ndjson.zst`;
}

export interface Exported {
  readonly events: number;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes the events as NDJSON, compressed by zstd (RFC 8878), and beside it `….sha256` in the form of `sha256sum`. The
 * file has its name only once it was read back and found whole.
 *
 * @param progress - called with the number of events so far
 * @throws what the file system says, or `UnverifiedExportError`
 */
export async function writeExport(
  path: string,
  events: AsyncIterable<AuditEventRow>,
  progress: (count: number) => void = () => {},
): Promise<Exported> {
  const partial = `${path}.partial`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(partial, { force: true });
  try {
    const lines = createHash('sha256');
    let count = 0;
    async function* written(): AsyncGenerator<string> {
      for await (const event of events) {
        const line = exportedLine(event);
        lines.update(line);
        count += 1;
        if (count % 1000 === 0) progress(count);
        yield line;
      }
    }
    const file = createHash('sha256');
    await pipeline(
      Readable.from(written()),
      createZstdCompress(),
      hashing(file),
      createWriteStream(partial, OF_ITS_OWN),
    );
    await flush(partial);
    const digest = file.digest('hex');
    await verify(partial, { file: digest, lines: lines.digest('hex'), count });
    await rm(`${path}.sha256`, { force: true });
    await writeFile(`${path}.sha256`, digestLine(path, digest), { mode: OF_ITS_OWN.mode, flag: OF_ITS_OWN.flags });
    await rename(partial, path);
    await flush(dirname(path));
    progress(count);
    return { events: count, sha256: digest };
  } finally {
    await rm(partial, { force: true });
  }
}

/** Whether the file and its digest are there, unchanged. */
export async function isExported(path: string, sha256: string): Promise<boolean> {
  const file = createHash('sha256');
  try {
    if ((await readFile(`${path}.sha256`, 'utf8')) !== digestLine(path, sha256)) return false;
    await pipeline(createReadStream(path), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return file.digest('hex') === sha256;
}

function digestLine(path: string, sha256: string): string {
  return `${sha256}  ${basename(path)}\n`;
}

interface Written {
  readonly file: string;
  readonly lines: string;
  readonly count: number;
}

async function verify(path: string, written: Written): Promise<void> {
  const file = createHash('sha256');
  const lines = createHash('sha256');
  let count = 0;
  await pipeline(createReadStream(path), hashing(file), createZstdDecompress(), async (content) => {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      lines.update(chunk);
      for (const byte of chunk) if (byte === 0x0a) count += 1;
    }
  }).catch((error: unknown) => {
    throw 'syscall' in (error as Error) ? error : new UnverifiedExportError(path, error);
  });
  const read = { file: file.digest('hex'), lines: lines.digest('hex'), count };
  if (read.file !== written.file || read.lines !== written.lines || read.count !== written.count) {
    throw new UnverifiedExportError(path);
  }
}

/** What was read back is something else, or cannot be decompressed. */
export class UnverifiedExportError extends Error {
  override readonly name = 'UnverifiedExportError';

  constructor(path: string, cause?: unknown) {
    super(`${path} is not what was written. Is its disk in order, and does nothing else write there?`, { cause });
  }
}

function hashing(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** So that a power cut does not lose what the database is about to drop. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
