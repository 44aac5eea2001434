import { msg } from '@lingui/core/macro';

import { LogIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

/** Texts of the filters of certificates are theirs. */
async function loadTexts(): Promise<void> {
  await loadCatalog('bulk');
  await loadCatalog('certificates');
}

export const feature: Feature = {
  area: 'console',
  order: 35,
  navigation: { to: 'bulk', label: msg`Bulk changes`, icon: LogIcon, right: 'CredentialView' },
  routes: [
    {
      path: 'bulk',
      lazy: async () => {
        await loadTexts();
        return { Component: (await import('./jobs-page.js')).JobsPage };
      },
    },
    {
      path: 'bulk/new',
      lazy: async () => {
        await loadTexts();
        return { Component: (await import('./change-page.js')).ChangePage };
      },
    },
    {
      path: 'bulk/import',
      lazy: async () => {
        await loadTexts();
        return { Component: (await import('./import-page.js')).ImportPage };
      },
    },
    {
      path: 'bulk/:id',
      lazy: async () => {
        await loadTexts();
        return { Component: (await import('./job-page.js')).JobPage };
      },
    },
    {
      path: 'bulk/incident',
      lazy: async () => {
        await loadTexts();
        return { Component: (await import('./incident-page.js')).IncidentPage };
      },
    },
  ],
};
