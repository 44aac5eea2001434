import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { type ReactNode, useEffect, useState } from 'react';

import { activate, type Language, preferredLanguage } from './languages.js';

/** Shows nothing until the texts of the reader's language are there. */
export function Texts({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  useEffect(() => {
    activate(preferredLanguage()).then(
      () => setState('loaded'),
      () => setState('failed'),
    );
  }, []);
  if (state === 'failed') return <p role="alert">{FAILED[preferredLanguage()]}</p>;
  return state === 'loaded' ? <I18nProvider i18n={i18n}>{children}</I18nProvider> : null;
}

/** Not in a catalog: none could be loaded. */
const FAILED: Readonly<Record<Language, string>> = {
  en: 'The texts of this page could not be loaded. Check the connection, then load the page again.',
  de: 'Die Texte dieser Seite konnten nicht geladen werden. Prüfen Sie die Verbindung, und laden Sie die Seite dann neu.',
  fr: 'Les textes de cette page n’ont pas pu être chargés. Vérifiez la connexion, puis rechargez la page.',
};
