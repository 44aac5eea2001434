// Refuses words that this project has replaced by the usual terms. The message names the word to use instead.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RETIRED = [
  [/\btrails?\b/i, 'audit log, audit event'],
  [/turnstile/i, 'fair lock'],
  [/incarnation/i, 'generation'],
  [/\b(un)?judg(e|es|ed|ing|ement)/i, 'evaluate'],
  [/rehears/i, 'dry run'],
  [/\b(bury|buried|buries)\b/i, 'soft-delete'],
  [/\bstory\b|\bstories\b/i, 'quick start, or what it is'],
  [/\bworlds?\b/i, 'fixture'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bmoments?\b/i, 'instant'],
  [/\b(MOST|LARGEST)_/, 'MAX_'],
  [/\b(he|his|him|himself)\b/i, 'they, the caller, the user'],
];

/** Migrations keep the names of their schema; test files from other projects are not changed. */
const EXEMPT = /^(src\/database\/migrations\/|test\/fixtures\/|scripts\/retired-words\.mjs$)/;
const READ = /\.(ts|mjs|md|json|ya?ml)$/;
const FOLDERS = ['src', 'test', 'docs', 'bench', 'scripts', '*.md'];

const root = join(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...FOLDERS], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => READ.test(file) && !EXEMPT.test(file));

let found = 0;
for (const file of files) {
  for (const [index, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    for (const [word, instead] of RETIRED) {
      const match = word.exec(line);
      if (match === null) continue;
      console.log(`${file}:${index + 1}: "${match[0]}"; say: ${instead}`);
      found += 1;
    }
  }
}
if (found > 0) process.exitCode = 1;
