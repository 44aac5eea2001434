// npm ci, npm start and a few tests on a fresh clone, with the npm versions that older Nodes bring and with this machine's.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const VERSIONS = ['10.8.2', '10.9.9'];
const TESTS = ['src/common', 'src/config'];
const PORT = '3999';
const READY_WITHIN_MS = 90_000;

/** The program and the first arguments of an npm. */
function npmOf(version) {
  if (version === undefined) return ['npm'];
  const folder = join(ROOT, '.cache', `npm-${version}`);
  const cli = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (!existsSync(cli)) run(['npm', 'install', '--no-save', '--prefix', folder, `npm@${version}`], ROOT);
  return [process.execPath, cli];
}

function run([program, ...args], cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
}

/** Starts the server, waits until it is ready, and ends it by a SIGTERM to npm. */
async function startAndEnd([program, ...args], cwd) {
  const child = spawn(program, [...args, 'start'], { cwd, env: { ...process.env, PORT } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const limit = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/health/ready`).catch(() => undefined);
    if (answer?.ok) break;
    if (child.exitCode !== null || Date.now() > limit) {
      child.kill();
      throw new Error(`npm start was not ready: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGTERM');
  await ended;
  if (await fetch(`http://127.0.0.1:${PORT}/health/live`).catch(() => undefined)) {
    throw new Error('The server outlived npm start.');
  }
}

for (const version of [...VERSIONS, undefined]) {
  const name = version === undefined ? "this machine's npm" : `npm ${version}`;
  const clone = mkdtempSync(join(tmpdir(), 'certkeep-npm-'));
  try {
    const npm = npmOf(version);
    run(['git', 'clone', '--quiet', ROOT, clone], ROOT);
    run([...npm, 'ci'], clone);
    console.log(`✓ ${name}: npm ci`);
    await startAndEnd(npm, clone);
    console.log(`✓ ${name}: npm start`);
    run([...npm, 'test', '--', ...TESTS], clone);
    console.log(`✓ ${name}: npm test`);
  } catch (error) {
    console.log(`✗ ${name}: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}
