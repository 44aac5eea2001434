import type { LinguiConfig } from '@lingui/conf';
import { formatter } from '@lingui/format-po';

/** One catalog for what is shared, and one for each feature, so that a page loads only its own texts. */
const config: LinguiConfig = {
  sourceLocale: 'en',
  locales: ['en', 'de', 'fr'],
  catalogs: [
    {
      path: 'src/i18n/locales/{locale}',
      // The navigation shows features before their own catalogs are loaded.
      include: ['src/*.{ts,tsx}', 'src/!(features)/**/*.{ts,tsx}', 'src/features/*/feature.tsx'],
      exclude: ['src/api/generated/**'],
    },
    { path: 'src/features/{name}/locales/{locale}', include: ['src/features/{name}'] },
  ],
  orderBy: 'message',
  // Lines move with every change of a file.
  format: formatter({ lineNumbers: false }),
};

export default config;
