import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', '..', 'web', 'src');
const ENTRY = /^msgid (".*")\nmsgstr (".*")$/gm;

/** The translations of each text, in all catalogs of a language. */
async function translations(language: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  for (const path of await readdir(SOURCE, { recursive: true })) {
    if (!path.endsWith(`locales/${language}.po`)) continue;
    for (const [, id = '', translation = ''] of (await readFile(join(SOURCE, path), 'utf8')).matchAll(ENTRY)) {
      found.set(id, (found.get(id) ?? new Set()).add(translation));
    }
  }
  return found;
}

// The catalogs of the pages that a person has opened are one: the last one would decide.
it.each(['de', 'fr'])('%s: a text has the same translation in every catalog', async (language) => {
  const all = await translations(language);
  expect(all.size).toBeGreaterThan(500);
  const several = [...all]
    .filter(([, found]) => found.size > 1)
    .map(([id, found]) => `${id}: ${[...found].join(' | ')}`);
  expect(several).toEqual([]);
});

/** Spelling and terms of CONTRIBUTING.md, "A text of the pages": what a translation must not have. */
const RULED_OUT = {
  de: [/schliess|gross|gröss|gemäss/i, /[«»"]/, /[^\u{a0}]…/u, /\bRichtlinie|Key Store|Trust.Anchor/],
  fr: [/[^\u{202f}][;!?»]/u, / :/, /«[^\u{202f}]/u, /key store|bloqué|valable/i],
};
it.each(['de', 'fr'] as const)('%s: no text has a spelling or a term that is ruled out', async (language) => {
  const texts = [...(await translations(language)).values()].flatMap((found) => [...found]);
  const wrong = texts.filter((text) => RULED_OUT[language].some((pattern) => pattern.test(text.slice(1, -1))));
  expect(wrong).toEqual([]);
});
