// Builds the pages into dist/web if their sources have changed since the last build, and prints one line.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '..');
const BUILT = join(ROOT, 'dist', 'web');
/** What was built last; the server does not read it. */
const SOURCES = join(BUILT, 'sources.sha256');
const CODED = new Set(['.js', '.css', '.svg']);

function hashOfSources() {
  const files = globSync('web/**/*', { cwd: ROOT, exclude: (name) => name.split('/').includes('node_modules') })
    .filter((file) => statSync(join(ROOT, file)).isFile())
    .toSorted();
  const hash = createHash('sha256');
  // The versions of the packages that the pages consist of.
  for (const file of [...files, 'package-lock.json']) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

/** Vite in a process of its own, as it expects to run in the folder of its project. */
async function build(folder) {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--outDir', folder, '--logLevel', 'warn'], {
    cwd: join(ROOT, 'web'),
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The pages could not be built:\n${output}`);
}

/** The server sends these where the browser accepts them; compressing takes too long to do it for each request. */
function compress(folder) {
  for (const file of globSync('assets/*', { cwd: folder })) {
    if (!CODED.has(extname(file))) continue;
    const content = readFileSync(join(folder, file));
    writeFileSync(join(folder, `${file}.br`), brotliCompressSync(content, brotliOptions(content)));
    writeFileSync(join(folder, `${file}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  }
}

function brotliOptions(content) {
  return { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
}

const started = performance.now();
const hash = hashOfSources();
if (existsSync(SOURCES) && readFileSync(SOURCES, 'utf8') === hash) {
  console.log('The pages are built already.');
} else {
  // Built aside and then moved, so that a build that fails or is interrupted leaves the former one.
  const folder = `${BUILT}-${process.pid}`;
  try {
    await build(folder);
    compress(folder);
    writeFileSync(join(folder, 'sources.sha256'), hash);
    rmSync(BUILT, { recursive: true, force: true });
    renameSync(folder, BUILT);
    console.log(`The pages were built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
