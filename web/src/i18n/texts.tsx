import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { type ReactNode, useEffect, useState } from 'react';

import { activate, preferredLanguage } from './languages.js';

/** Shows nothing until the texts of the reader's language are there. */
export function Texts({ children }: { readonly children: ReactNode }) {
  const [isLoaded, setLoaded] = useState(false);
  useEffect(() => {
    void activate(preferredLanguage()).then(() => setLoaded(true));
  }, []);
  return isLoaded ? <I18nProvider i18n={i18n}>{children}</I18nProvider> : null;
}
