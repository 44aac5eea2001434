// Everything that can be said about the sources without running them. One line a step; a failing one shows its output.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** `report`: its output is worth reading when it passes, too. */
const steps = [
  { name: 'format', command: 'oxfmt --check' },
  { name: 'lint and types', command: 'oxlint --type-check --deny-warnings' },
  { name: 'who may import whom', command: 'depcruise --output-type err-long src test ormconfig.ts' },
  { name: 'nothing unused', command: 'knip --no-progress' },
  { name: 'build', command: 'tsc -p tsconfig.build.json' },
  { name: 'contract rules without a test', command: 'node scripts/rules-without-test.mjs', report: true },
];

const PATH = [join(import.meta.dirname, '..', 'node_modules', '.bin'), process.env.PATH].join(delimiter);

function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, cwd: join(import.meta.dirname, '..'), env: { ...process.env, PATH } });
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
for (const { name, command, report = false } of steps) {
  const started = performance.now();
  const { passed, output } = await run(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
  if ((!passed || report) && output !== '') console.log(output.replaceAll(/^/gm, '    '));
  if (!passed) failed += 1;
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${steps.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
