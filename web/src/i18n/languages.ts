import { i18n, type Messages } from '@lingui/core';

export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = 'certkeep.language';

/** Catalogs of what is shared and of the features; each is a file of its own, loaded when it is needed. */
const CATALOGS = import.meta.glob<{ readonly messages: Messages }>([
  './locales/*.po',
  './navigation/*.po',
  '../features/*/locales/*.po',
]);

let wanted: readonly string[] = ['shared', 'navigation'];

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
  localStorage.setItem(STORED, language);
  await activate(language);
}

/** Loads the texts of a feature, in the language of the page. Call it in the `lazy` of its routes. */
export async function loadCatalog(feature: string): Promise<void> {
  if (wanted.includes(feature)) return;
  wanted = [...wanted, feature];
  await activate(i18n.locale === '' ? preferredLanguage() : (i18n.locale as Language));
}

export async function activate(language: Language): Promise<void> {
  const catalogs = await Promise.all(wanted.map(async (name) => await catalogOf(name, language)));
  i18n.loadAndActivate({ locale: language, messages: Object.assign({}, ...catalogs) as Messages });
  document.documentElement.lang = language;
}

async function catalogOf(name: string, language: Language): Promise<Messages> {
  const paths: Readonly<Record<string, string>> = {
    shared: `./locales/${language}.po`,
    navigation: `./navigation/${language}.po`,
  };
  const path = paths[name] ?? `../features/${name}/locales/${language}.po`;
  return (await CATALOGS[path]?.())?.messages ?? {};
}
