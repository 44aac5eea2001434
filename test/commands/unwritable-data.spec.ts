import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { BuiltProgram } from '../support/process.js';

const mounts: string[] = [];

function mount(...args: readonly string[]): boolean {
  return process.platform === 'linux' && spawnSync('mount', args).status === 0;
}

async function memoryDisk(size: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'certkeep-disk-'));
  mounts.push(folder);
  // As root the database runs as another account, which needs access.
  if (!mount('-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', folder)) throw new Error('no disk was mounted');
  return folder;
}

async function unmountAll(): Promise<void> {
  for (const folder of mounts.splice(0)) {
    spawnSync('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function canMount(): Promise<boolean> {
  try {
    await memoryDisk('64k');
    return true;
  } catch {
    console.log('Full and read-only disks are not tested: only root on Linux can mount them.');
    return false;
  } finally {
    await unmountAll();
  }
}

const MOUNTS = await canMount();

afterEach(unmountAll);

async function start(dataDirectory: string): Promise<{ code: number; output: string }> {
  const program = BuiltProgram.start('main.js', { CERTKEEP_DATA: dataDirectory, PORT: '0' });
  const code = await program.exit();
  return { code, output: program.output.replace(/^Starting the embedded PostgreSQL in .*\n/, '') };
}

function expectOneMessage({ code, output }: { code: number; output: string }, ...words: readonly string[]): void {
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  for (const some of [...words, 'CERTKEEP_DATA']) expect(output).toContain(some);
}

/** Removes the folder. */
async function fill(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  await writeFile(join(folder, 'fill'), Buffer.alloc(bavail * bsize));
}

const LONG = { timeout: 600_000 };

test.skipIf(process.platform !== 'linux')(
  'a folder that cannot be created is one message with cause and remedy',
  async () => {
    expectOneMessage(await start('/proc/certkeep/data'), '/proc/certkeep', 'Make it a folder that can be written to');
  },
);

test.skipIf(!MOUNTS)('a disk without room for the secrets is one message with cause and remedy', LONG, async () => {
  const disk = await memoryDisk('64k');
  await fill(disk);
  expectOneMessage(await start(join(disk, 'data')), 'its disk is full', 'Make room there');
});

test.skipIf(!MOUNTS)('a disk without room for the database is one message with cause and remedy', LONG, async () => {
  const disk = await memoryDisk('24m');
  expectOneMessage(await start(join(disk, 'data')), 'its disk is full', 'No space left on device', 'Make room there');
  // The incomplete data is removed.
  expect(existsSync(join(disk, 'data', 'postgres'))).toBe(false);
});

test.skipIf(!MOUNTS)('a read-only file system is one message with cause and remedy', LONG, async () => {
  const disk = await memoryDisk('1m');
  mount('-o', 'remount,ro', disk);
  expectOneMessage(await start(join(disk, 'data')), 'its file system is read-only', 'Mount it writable');
});

test.skipIf(!MOUNTS)(
  'a disk that is full or read-only at a second start is one message, and PostgreSQL ends',
  LONG,
  async () => {
    const disk = await memoryDisk('80m');
    const data = join(disk, 'data');
    const first = BuiltProgram.start('main.js', { CERTKEEP_DATA: data, PORT: '0' });
    await first.says(/To start over:/);
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);

    await fill(disk);
    expectOneMessage(await start(data), 'its disk is full', 'Make room there');
    expect(existsSync(join(data, 'postgres', 'postmaster.pid'))).toBe(false);
    await rm(join(disk, 'fill'));
    mount('-o', 'remount,ro', disk);
    expectOneMessage(await start(data), 'its file system is read-only', 'Mount it writable');
  },
);
