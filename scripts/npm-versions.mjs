// Runs npm ci, npm start and a few tests on a fresh clone, with the npm versions of older Nodes and with the installed npm.
// node scripts/npm-versions.mjs [VERSION|own …]: with these versions only.
// Runs with any Node from 20.19, so that the commands of the clone use the installed Node and not Node 26.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VERSIONS = ['10.8.2', '10.9.9'];
const OWN = 'own';
const TESTS = ['src/common'];
/** Much longer than on an idle machine. */
const COMMAND_MS = 240_000;
const START_MS = 180_000;
const END_MS = 15_000;

const cleanEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => {
    // A registry behind a proxy may have a certificate that only NODE_EXTRA_CA_CERTS makes valid.
    return name === 'NODE_EXTRA_CA_CERTS' || !/^(npm_|NODE_|INIT_CWD$|PORT$|CERTKEEP_)/i.test(name);
  }),
);
// npm run puts the commands of this checkout first, including Node 26.
// These settings do not change what is installed.
Object.assign(cleanEnv, { npm_config_audit: 'false', npm_config_prefer_offline: 'true' });
cleanEnv.PATH = cleanEnv.PATH.split(delimiter)
  .filter((folder) => !folder.startsWith(join(ROOT, 'node_modules')) && !folder.includes('node-gyp-bin'))
  .join(delimiter);

/** A program in its own process group, so that all its processes can be ended after a failure. */
class Program {
  output = '';
  ended;

  constructor([program, ...args], cwd, env = {}) {
    this.child = spawn(program, args, {
      cwd,
      env: { ...cleanEnv, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    }
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve(code ?? signal));
    });
  }

  kill() {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All processes have ended.
    }
  }

  /** The exit code, or the name of the signal that ended it. */
  async end(milliseconds) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`did not end within ${milliseconds / 1000} s:\n${this.output}`));
      }, milliseconds);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
      this.kill();
    }
  }
}

async function run(command, cwd) {
  const program = new Program(command, cwd);
  const code = await program.end(COMMAND_MS);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${program.output}`);
  return program.output;
}

/** The program and the first arguments that run an npm version. */
async function npmOf(version) {
  if (version === undefined) return ['npm'];
  const folder = join(ROOT, '.cache', `npm-${version}`);
  const cli = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (!existsSync(cli)) await run(['npm', 'install', '--no-save', '--prefix', folder, `npm@${version}`], ROOT);
  return ['node', cli];
}

/** Makes npm show the output of install scripts. */
async function install(npm, clone) {
  const output = await run([...npm, 'ci', '--foreground-scripts'], clone);
  if (/scarf/i.test(output)) throw new Error(`A script of @scarf/scarf has run:\n${output}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** Starts the server, waits until it is ready, and ends it by `end`. */
async function startAndEnd(npm, clone, end) {
  const port = await freePort();
  const program = new Program([...npm, 'start'], clone, { PORT: port });
  const pidFile = join(clone, 'data', 'postgres', 'postmaster.pid');
  try {
    const limit = performance.now() + START_MS;
    while (!(await answers(port, 'ready'))) {
      if (program.child.exitCode !== null || performance.now() > limit) {
        throw new Error(`npm start was not ready:\n${program.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (!existsSync(pidFile)) throw new Error(`PostgreSQL does not run where it is looked for: ${pidFile}`);
    end(program.child.pid);
    const code = await program.end(END_MS);
    if (code !== 0) throw new Error(`npm start ended with ${code}:\n${program.output}`);
    if (await answers(port, 'live')) throw new Error('The server outlived npm start.');
    if (existsSync(pidFile)) throw new Error('PostgreSQL outlived npm start.');
  } finally {
    program.kill();
    if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGINT');
  }
}

async function answers(port, path) {
  const answer = await fetch(`http://127.0.0.1:${port}/health/${path}`).catch(() => undefined);
  return answer?.ok === true;
}

/** Removes the link that some npm versions leave out, as five packages have that name. */
async function runWithoutLink(clone) {
  rmSync(join(clone, 'node_modules', '.bin', 'node'), { force: true });
  const version = await run(['node', 'scripts/node26.mjs', '--version'], clone);
  if (!version.startsWith('v26.')) throw new Error(`The launcher ran Node ${version}.`);
}

async function tryOut(version) {
  const clone = mkdtempSync(join(tmpdir(), 'certkeep-npm-'));
  // As root the database runs as another account, which needs access.
  chmodSync(clone, 0o755);
  let begun = performance.now();
  const passed = (what) => {
    console.log(`  ✓ ${what} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    begun = performance.now();
  };
  try {
    const npm = await npmOf(version);
    await run(['git', 'clone', '--quiet', ROOT, clone], ROOT);
    await install(npm, clone);
    passed(
      `npm ci${existsSync(join(clone, 'node_modules', '.bin', 'node')) ? '' : ', without node_modules/.bin/node'}`,
    );
    await runWithoutLink(clone);
    await startAndEnd(npm, clone, (pid) => process.kill(pid, 'SIGTERM'));
    passed('npm start, SIGTERM to npm');
    await startAndEnd(npm, clone, (pid) => process.kill(-pid, 'SIGINT'));
    passed('npm start, SIGINT to all of it, as Ctrl-C');
    await run([...npm, 'test', '--', ...TESTS], clone);
    passed(`npm test -- ${TESTS.join(' ')}`);
  } catch (error) {
    console.log(`  ✗ ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

const machine = (await run(['npm', '--version'], ROOT)).trim();
console.log(`Node ${(await run(['node', '--version'], ROOT)).trim().slice(1)}, a fresh clone each:`);
const chosen = process.argv.slice(2).map((version) => (version === OWN ? undefined : version));
for (const version of chosen.length > 0 ? chosen : [...VERSIONS, undefined]) {
  console.log(version === undefined ? `npm ${machine} (this machine's)` : `npm ${version}`);
  await tryOut(version);
}
