import { i18n, type Messages } from '@lingui/core';

import { formatsOf } from './formats.js';

export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = 'certkeep.language';

/** Catalogs of what is shared and of the features; each is a file of its own, loaded when it is needed. */
const CATALOGS = import.meta.glob<{ readonly messages: Messages }>(['./locales/*.po', '../features/*/locales/*.po']);

let wanted: readonly string[] = ['shared'];

function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}

/** The language chosen here before, or the first one of the browser's that there is. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  const [found] = [stored ?? '', ...navigator.languages.map((tag) => tag.slice(0, 2))].filter(isLanguage);
  return found ?? 'en';
}

export async function chooseLanguage(language: Language): Promise<void> {
  await activate(language);
  localStorage.setItem(STORED, language);
}

/** Loads the texts of features, in the language of the page. Call it in the `lazy` of the routes. */
export async function loadCatalog(...features: readonly string[]): Promise<void> {
  wanted = [...new Set([...wanted, ...features])];
  await activate(chosen ?? preferredLanguage());
}

let chosen: Language | undefined;
let activated: Promise<void> = Promise.resolve();

/** One after the other: an activation replaces all texts, so an earlier one with fewer catalogs must not end last. */
export async function activate(language: Language): Promise<void> {
  const before = chosen;
  chosen = language;
  activated = activated.catch(() => {}).then(async () => await show(language));
  try {
    await activated;
  } catch (error) {
    if (chosen === language) chosen = before;
    throw error;
  }
}

async function show(language: Language): Promise<void> {
  const catalogs = await Promise.all(wanted.map(async (name) => await catalogOf(name, language)));
  i18n.loadAndActivate({
    locale: language,
    locales: formatsOf(language, navigator.languages),
    messages: Object.assign({}, ...catalogs) as Messages,
  });
  document.documentElement.lang = language;
}

async function catalogOf(name: string, language: Language): Promise<Messages> {
  const path = name === 'shared' ? `./locales/${language}.po` : `../features/${name}/locales/${language}.po`;
  return (await CATALOGS[path]?.())?.messages ?? {};
}
