// Fails where a numbered rule of docs/contract is one that no test's title begins with, and prints those.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readContract } from './contract-pages.mjs';

const root = join(import.meta.dirname, '..');
const { rules } = await readContract(root);

const NUMBER = String.raw`(?:\d+(?:\.\d+)?|L\d)`;

/** A string literal that begins with one rule's number or several: `'6.3 …'`, `"3.2, 3.5: …"`, `['L5 …', …]`. */
const TITLE = new RegExp(`['"\`](${NUMBER}(?:(?:, | and )${NUMBER})*)[ :]`, 'g');

async function provenRules() {
  const proven = new Set();
  for await (const file of glob(['src/**/*.spec.ts', 'test/**/*.ts'], { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, numbers] of text.matchAll(TITLE)) {
      for (const number of numbers.split(/, | and /)) proven.add(number);
    }
  }
  return proven;
}

const proven = await provenRules();
const missing = rules.filter(({ number }) => !proven.has(number));
for (const { number, summary } of missing) console.log(`${number.padEnd(5)} ${summary}`);
console.log(`${rules.length - missing.length} of ${rules.length} rules have a test.`);
if (missing.length > 0) process.exitCode = 1;
