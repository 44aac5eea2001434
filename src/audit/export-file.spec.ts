import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, expect, onTestFinished, test } from 'vitest';

import type { AuditEventRow } from './audit-event.table.js';
import { isExported, writeExport } from './export-file.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-export-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  file = join(folder, 'events.zst');
});

async function* noEvents(): AsyncGenerator<AuditEventRow> {}

test.each(['', '.partial', '.sha256'])('10.1 no link at the name of an export (%s) is written through', async (end) => {
  const other = join(folder, 'other');
  await writeFile(other, 'of somebody else');
  await symlink(other, file + end);
  const { sha256 } = await writeExport(file, noEvents());
  expect(await readFile(other, 'utf8')).toBe('of somebody else');
  expect(await isExported(file, sha256)).toBe(true);
  expect((await lstat(`${file}.sha256`)).isSymbolicLink()).toBe(false);
});

test('10.1 a digest that others may read is replaced by one that they may not', async () => {
  await writeFile(`${file}.sha256`, '', { mode: 0o666 });
  await writeExport(file, noEvents());
  expect((await stat(`${file}.sha256`)).mode & 0o777).toBe(0o600);
});
