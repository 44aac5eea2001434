import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

const loadCatalogs = async () => await loadCatalog('users', 'upload', 'words');

export const feature: Feature = {
  area: 'console',
  order: 31,
  routes: [
    {
      path: 'users/:userExtId/upload',
      lazy: async () => {
        await loadCatalogs();
        return { Component: (await import('./add-page.js')).AddPage };
      },
    },
    {
      path: 'users/:userExtId/certificates/:extId/replace',
      lazy: async () => {
        await loadCatalogs();
        return { Component: (await import('./replace-page.js')).ReplacePage };
      },
    },
  ],
};
