import { msg } from '@lingui/core/macro';

import { PolicyIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 50,
  navigation: { to: 'policies', label: msg`Policies`, icon: PolicyIcon, right: 'PolicyConfigurationView' },
  routes: [
    {
      path: 'policies',
      lazy: async () => {
        await loadCatalog('policies', 'words');
        return { Component: (await import('./policies-page.js')).PoliciesPage };
      },
    },
    {
      path: 'policies/new',
      lazy: async () => {
        await loadCatalog('policies', 'words');
        return { Component: (await import('./new-policy-page.js')).NewPolicyPage };
      },
    },
    {
      path: 'policies/:extId',
      lazy: async () => {
        await loadCatalog('policies', 'words');
        return { Component: (await import('./policy-page.js')).PolicyPage };
      },
    },
  ],
};
