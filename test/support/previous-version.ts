import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..', '..');
/** Ignored by Git. Holds one version. */
const CACHE = join(ROOT, '.cache', 'previous-version');
const INSTALLED = join(ROOT, 'node_modules');
const COMPILER = join(INSTALLED, 'typescript', 'bin', 'tsc');

const NEEDED_FILES = [
  'src',
  'ormconfig.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/**
 * The nearest Git tag of a version that a deployment may come from. `schema-baseline` stands for the versions before the
 * first release. Undefined in a clone without tags; then prints what is skipped, and why.
 */
export function previousTag(): string | undefined {
  const chosen = process.env['CERTKEEP_PREVIOUS_VERSION'];
  if (chosen !== undefined) return chosen;
  const patterns = ['v[0-9]*', 'schema-baseline'].flatMap((pattern) => ['--match', pattern]);
  try {
    const found = execFileSync('git', ['describe', '--tags', '--abbrev=0', ...patterns, 'HEAD'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return found.trim();
  } catch {
    console.log(
      'This clone has no tag of a version (git fetch --tags): the tests with the previous schema are skipped.',
    );
    return undefined;
  }
}

/** Builds the version with this tag, unless that has been done; returns the path of its programs, its `dist/src`. */
export async function buildPreviousVersion(tag: string): Promise<string> {
  const commit = (await run(ROOT, 'git', 'rev-parse', '--verify', `${tag}^{commit}`)).trim();
  const folder = join(CACHE, commit);
  if (!existsSync(folder)) {
    await rm(CACHE, { recursive: true, force: true });
    await mkdir(CACHE, { recursive: true });
    const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
    await extract(commit, unfinished);
    await installDependencies(unfinished);
    // Its types were checked before it was released.
    const options = ['--noCheck', '--typeRoots', join(INSTALLED, '@types')];
    await run(unfinished, process.execPath, COMPILER, '-p', 'tsconfig.build.json', ...options);
    await rename(unfinished, folder);
  }
  return join(folder, 'dist', 'src');
}

async function extract(commit: string, folder: string): Promise<void> {
  const archive = join(folder, 'source.tar');
  await run(ROOT, 'git', 'archive', '--output', archive, commit, ...NEEDED_FILES);
  await run(folder, 'tar', '-xf', archive);
  await rm(archive);
}

/** Uses the installed packages, if they are the ones that the version was released with. */
async function installDependencies(folder: string): Promise<void> {
  if (isDeepStrictEqual(await dependenciesOf(folder), await dependenciesOf(ROOT))) {
    await symlink(INSTALLED, join(folder, 'node_modules'), 'dir');
    return;
  }
  await run(folder, 'npm', 'ci', '--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit');
}

async function dependenciesOf(folder: string): Promise<unknown> {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { dependencies: object };
  return dependencies;
}

/** What the program prints. */
async function run(folder: string, program: string, ...args: readonly string[]): Promise<string> {
  const running = promisify(execFile)(program, args, { cwd: folder });
  return await running.then(
    ({ stdout }) => stdout,
    ({ message, stdout }: Error & { stdout: string }) => {
      throw new Error(`The previous version cannot be built. ${message}\n${stdout}`);
    },
  );
}
