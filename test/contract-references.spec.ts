import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '..', 'scripts', 'contract-references.mjs');

/** Composed, so that the check of this repository does not find them here. */
const UNKNOWN = ['9', '9'].join('.');
const UNKNOWN_ROUTE = ['X', '9'].join('');
const CONTRACT = 'contract';

const PAGE = `## <a id="4"></a>4. Access

| <a id="X4"></a>X4 | PATCH |

### <a id="4.5"></a>4.5 A rule

### <a id="4.6"></a>4.6 Another one
`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'references-'));
  await write('docs/contract/nevis.md', PAGE);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(root, dirname(file)), { recursive: true });
  await writeFile(join(root, file), text);
}

async function check(): Promise<{ readonly passed: boolean; readonly output: string }> {
  return await new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, root], (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr });
    });
  });
}

test('references to existing rules, sections, routes and anchors are accepted', async () => {
  await write(
    'src/a.ts',
    `/** Both (${CONTRACT} 4.5, 4.6 and 4), over\n * X4; (4.6), OpenSSL ${UNKNOWN}'s, C1 controls. */`,
  );
  await write('test/a.spec.ts', `test('4.5, 4.6: both', () => {});`);
  await write('docs/adr/0001-a.md', '[4.6](../contract/nevis.md#4.6) and 4.5’s reason.');
  expect(await check()).toMatchObject({ passed: true });
});

test.each([
  ['a comment', 'src/a.ts', `\n// ${CONTRACT} ${UNKNOWN}`, `src/a.ts:2: ${UNKNOWN}`],
  ['a comment of two lines', 'src/a.ts', `/** (${CONTRACT}\n * 4.5, ${UNKNOWN}) */`, `src/a.ts:1: ${UNKNOWN}`],
  ['a comment, in brackets', 'src/a.ts', `// so (4.5, ${UNKNOWN})`, `src/a.ts:1: ${UNKNOWN}`],
  ['a comment, as a route', 'src/a.ts', `// ${UNKNOWN_ROUTE}: PATCH`, `src/a.ts:1: ${UNKNOWN_ROUTE}`],
  ['a title', 'test/a.spec.ts', `test('4.5, ${UNKNOWN} a title', f);`, `test/a.spec.ts:1: ${UNKNOWN}`],
  ['a decision', 'docs/adr/0001-a.md', `See ${UNKNOWN}'s reason.`, `docs/adr/0001-a.md:1: ${UNKNOWN}`],
  ['a document', 'README.md', `Rules 4.5 and ${UNKNOWN} hold.`, `README.md:1: ${UNKNOWN}`],
  ['a link', 'README.md', '[4](docs/contract/nevis.md#four)', 'README.md:1: docs/contract/nevis.md#four'],
])('a reference to an unknown rule is refused in %s', async (_, file, text, expected) => {
  await write(file, text);
  const { passed, output } = await check();
  expect(passed).toBe(false);
  expect(output.split('\n')).toContain(expected);
});

test.each([
  ['a rule without an anchor', '### 4.7 A rule\n'],
  ['an anchor of another rule', '### <a id="4.8"></a>4.7 A rule\n'],
  ['an anchor twice', '<a id="X4"></a>\n'],
])('a page with %s is refused', async (_, text) => {
  await write('docs/contract/nevis.md', PAGE + text);
  expect(await check()).toMatchObject({ passed: false });
});
