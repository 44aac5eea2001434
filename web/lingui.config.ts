import type { LinguiConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';

/** One catalog for what is shared, and one for each feature, so that a page loads only its own texts. */
const config: LinguiConfig = {
  sourceLocale: 'en',
  locales: ['en', 'de', 'fr'],
  catalogs: [
    { path: 'src/i18n/locales/{locale}', include: ['src'], exclude: ['src/features/**', 'src/api/generated/**'] },
    // The navigation shows features before their own catalogs are loaded.
    { path: 'src/i18n/navigation/{locale}', include: ['src/features/*/feature.tsx'] },
    { path: 'src/features/{name}/locales/{locale}', include: ['src/features/{name}'] },
  ],
  orderBy: 'message',
  // Lines move with every change of a file.
  format: formatter({ lineNumbers: false }),
};

export default config;
