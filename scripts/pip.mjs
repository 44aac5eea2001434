import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT_MS = 180_000;

/**
 * Installs what the text of a requirements file names, and nothing that it does not name, into a folder of `.cache`.
 * Answers what went wrong, or undefined where everything is there.
 */
export function installWithPip(folder, requirements) {
  const target = join(import.meta.dirname, '..', '.cache', folder);
  const list = join(target, 'requirements.txt');
  if (existsSync(list) && readFileSync(list, 'utf8') === requirements) return undefined;
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, 'requirements.txt'), requirements);
  const options = ['--quiet', '--no-deps', '--no-compile', '--only-binary=:all:', '--disable-pip-version-check'];
  const { error, status, stderr } = spawnSync(
    'python3',
    ['-m', 'pip', 'install', ...options, '--target', draft, '--requirement', join(draft, 'requirements.txt')],
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
