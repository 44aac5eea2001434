// Runs all static checks. Prints one line for each step, and the output of failed steps.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** `script`: a script of package.json. `report`: prints the output also when the step passes. */
const steps = [
  // First, as the other steps need the built programs.
  { name: 'build', script: 'build' },
  { name: 'format', script: 'format:check' },
  { name: 'lint and types', script: 'lint' },
  { name: 'who may import whom', script: 'structure' },
  { name: 'no retired words', script: 'words' },
  { name: 'pictures as their text files say', script: 'pictures:check' },
  { name: 'nothing unused', script: 'unused' },
  { name: 'OpenAPI, reference and entities as committed', script: 'drift' },
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

let failed = 0;
for (const { name, script, report = false } of steps) {
  const started = performance.now();
  const { passed, output } = await run(scripts[script]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
  if ((!passed || report) && output !== '') console.log(output.replaceAll(/^/gm, '    '));
  if (!passed) failed += 1;
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${steps.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
