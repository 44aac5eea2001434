import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 5,
  routes: [
    {
      path: 'search',
      lazy: async () => {
        await loadCatalog('search', 'certificates', 'words');
        const { SearchPage } = await import('./search-page.js');
        return { Component: SearchPage };
      },
    },
  ],
};
