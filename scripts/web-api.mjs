// Generates the API client of the pages from docs/openapi.json. With --check, compares it with the committed one instead.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const COMMITTED = join(ROOT, 'web', 'src', 'api', 'generated');
const isCheck = process.argv.includes('--check');
const output = isCheck ? join(ROOT, '.cache', 'web-api') : COMMITTED;

const manifest = createRequire(import.meta.url).resolve('@hey-api/openapi-ts/package.json');
const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
const program = join(manifest, '..', typeof bin === 'string' ? bin : bin['openapi-ts']);
const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--output', output], {
  cwd: join(ROOT, 'web'),
  encoding: 'utf8',
});
if (status !== 0) throw new Error(`openapi-ts failed:\n${stdout}${stderr}`);

if (isCheck) {
  const isSame = contents(output) === contents(COMMITTED);
  rmSync(output, { recursive: true });
  if (!isSame) console.log('web/src/api/generated differs from docs/openapi.json: npm run web:api');
  process.exitCode = isSame ? 0 : 1;
}

function contents(folder) {
  const files = globSync('**/*.ts', { cwd: folder }).toSorted();
  return JSON.stringify(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}
