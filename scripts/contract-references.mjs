// Fails where a comment, a test title or a document names a rule, section or anchor that docs/contract does not have.
// `node scripts/contract-references.mjs [ROOT]`
import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { readContract } from './contract-pages.mjs';

const root = process.argv[2] ?? join(import.meta.dirname, '..');

const RULE = String.raw`(?:\d{1,2}\.\d{1,2}|[ACGLPTUWXY][1-9]\d?)`;
const ANY = String.raw`(?:${RULE}|\d{1,2})(?![\d.]*\d)`;
/** Between words, also across lines of a comment. */
const GAP = String.raw`[\s*/]+`;
const MORE = String.raw`(?:(?:,|,? and|,? to)${GAP}${ANY})*`;

/** Each has the references as its first group. */
const FORMS = {
  // contract 3.1, 3.9 and X6
  named: new RegExp(String.raw`\b(?:contract|rules?)(?:${GAP}(?:rules?|sections?))?${GAP}(${ANY}${MORE})`, 'gi'),
  // (4.3), (1, 4.4)
  bracketed: new RegExp(String.raw`\((?=[^)]*[.A-Z])(${ANY}(?:,${GAP}${ANY})*)\)`, 'g'),
  // 5.1's, but not OpenSSL 3.5's
  possessive: /(?<![\w.]|(?:OpenSSL|Node|PostgreSQL|npm) )(\d{1,2}\.\d{1,2})['’]s\b/g,
  // U3
  route: /(?<![\w:.#-])([ACGLPTUWXY][1-9]\d?)(?!\w|:[\dA-F]{2}|\.\d| controls)/g,
  // '3.2 a stale version is 409'
  title: new RegExp(String.raw`['"\x60](${RULE}(?:(?:, | and )${ANY})*):? [^\s(]`, 'g'),
};

const COMMENT = /\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g;
const LINK = /\]\(([^)\s#]*)#([^)\s]+)\)/g;

const { anchors } = await readContract(root);
const known = new Set([...anchors.values()].flatMap((ids) => [...ids]));
const wrong = [];

for await (const file of filesOf('{src,test,bench,scripts}/**/*.{ts,mts,mjs}')) {
  const text = await readFile(join(root, file), 'utf8');
  for (const { 0: comment, index } of text.matchAll(COMMENT)) {
    check(file, text, comment, index, ['named', 'bracketed', 'possessive', 'route']);
  }
  if (file.startsWith('test') || file.includes('.spec.')) check(file, text, text, 0, ['title']);
}
for await (const file of filesOf('{*,docs/**/*}.md')) {
  const text = await readFile(join(root, file), 'utf8');
  const cites = /^docs\/(?:adr|contract)\//.test(file);
  check(file, text, text, 0, cites ? ['named', 'bracketed', 'possessive', 'route'] : ['named']);
  checkLinks(file, text);
}

for (const line of wrong) console.log(line);
console.log(wrong.length === 0 ? 'Every reference to the contract resolves.' : `${wrong.length} do not resolve.`);
if (wrong.length > 0) process.exitCode = 1;

function filesOf(pattern) {
  return glob(pattern, { cwd: root, exclude: (name) => name === 'node_modules' });
}

function check(file, text, part, offset, forms) {
  for (const form of forms) {
    for (const match of part.matchAll(FORMS[form])) {
      for (const [reference] of match[1].matchAll(new RegExp(ANY, 'g'))) {
        if (!known.has(reference)) report(file, text, offset + match.index, reference);
      }
    }
  }
}

function checkLinks(file, text) {
  for (const { 1: target, 2: id, index } of text.matchAll(LINK)) {
    const page = target === '' ? file : join(dirname(file), target);
    if (dirname(page) !== join('docs', 'contract')) continue;
    if (!anchors.get(basename(page))?.has(id)) report(file, text, index, `${target}#${id}`);
  }
}

function report(file, text, index, reference) {
  wrong.push(`${file}:${text.slice(0, index).split('\n').length}: ${reference}`);
}
