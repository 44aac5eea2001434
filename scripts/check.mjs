// Runs all static checks. Prints one line for each step, and the output of failed steps. The last lines say how to fix
// or repeat what failed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';

/**
 * `script`: a script of package.json. `fix`: the commands that fix what the step finds, if there are any. `report`:
 * prints the output also when the step passes.
 */
const steps = [
  // First, as the other steps need the built programs.
  { name: 'build', script: 'build' },
  { name: 'format', script: 'format:check', fix: 'npm run format' },
  { name: 'lint and types', script: 'lint' },
  { name: 'who may import whom', script: 'structure' },
  { name: 'no retired words', script: 'words' },
  { name: 'pictures as their text files say', script: 'pictures:check', fix: 'npm run pictures' },
  { name: 'nothing unused', script: 'unused' },
  {
    name: 'OpenAPI, reference and entities as committed',
    script: 'drift',
    fix: 'npm run openapi && npm run reference (tables: a migration)',
  },
  { name: 'types of the pages', script: 'web:types' },
  { name: 'API client of the pages as committed', script: 'web:api:check', fix: 'npm run web:api' },
  { name: 'texts of the pages in every language', script: 'web:texts', fix: 'npm run web:extract, then translate' },
  { name: 'OpenAPI without a finding', script: 'lint:openapi' },
  { name: 'a test for every contract rule', script: 'rules', report: true },
  { name: 'a contract rule for every reference', script: 'references' },
];

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);

function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, cwd: root, env: { ...process.env, PATH } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ passed: false, output: error.message }));
    child.once('close', (code) => resolve({ passed: code === 0, output: output.trim() }));
  });
}

const failed = [];
for (const step of steps) {
  const { name, script, report = false } = step;
  // Some steps take minutes, and their output is only read when they end.
  if (process.stdout.isTTY) process.stdout.write(`… ${name}`);
  const started = performance.now();
  const { passed, output } = await run(scripts[script]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
  if ((!passed || report) && output !== '') console.log(output.replaceAll(/^/gm, '    '));
  if (!passed) failed.push(step);
}
console.log(failed.length === 0 ? 'All checks passed.' : `${failed.length} of ${steps.length} checks failed:`);
for (const { name, script, fix } of failed) {
  const remedy = fix === undefined ? '' : ` To fix it: ${fix}.`;
  console.log(`✗ ${name}. To repeat it alone: npm run ${script}.${remedy}`);
}
process.exitCode = failed.length === 0 ? 0 : 1;
