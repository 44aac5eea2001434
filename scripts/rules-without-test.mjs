// Prints the numbered rules of docs/contract that no test title begins with, and fails if there are any.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readContract } from './contract-pages.mjs';

const root = join(import.meta.dirname, '..');
const { rules } = await readContract(root);

const NUMBER = String.raw`(?:\d+(?:\.\d+)?|L\d)`;

/** A string literal that begins with one rule's number or several: `'6.3 …'`, `"3.2, 3.5: …"`, `['L5 …', …]`. */
const TITLE = new RegExp(`['"\`](${NUMBER}(?:(?:, | and )${NUMBER})*)[ :]`, 'g');

async function testedRules() {
  const tested = new Set();
  for await (const file of glob(['src/**/*.spec.ts', 'test/**/*.ts'], { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, numbers] of text.matchAll(TITLE)) {
      for (const number of numbers.split(/, | and /)) tested.add(number);
    }
  }
  return tested;
}

const tested = await testedRules();
const missing = rules.filter(({ number }) => !tested.has(number));
for (const { number, summary } of missing) console.log(`${number.padEnd(5)} ${summary}`);
console.log(`${rules.length - missing.length} of ${rules.length} rules have a test.`);
if (missing.length > 0) process.exitCode = 1;
