import { msg } from '@lingui/core/macro';

import { AnchorIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 60,
  navigation: {
    to: 'trust-anchor-sets',
    label: msg`Trust anchors`,
    icon: AnchorIcon,
    right: 'PolicyConfigurationView',
  },
  routes: [
    {
      path: 'trust-anchor-sets',
      lazy: async () => {
        await loadCatalog('trust-anchors');
        return { Component: (await import('./sets-page.js')).SetsPage };
      },
    },
    {
      path: 'trust-anchor-sets/new',
      lazy: async () => {
        await loadCatalog('trust-anchors');
        return { Component: (await import('./new-set-page.js')).NewSetPage };
      },
    },
    {
      path: 'trust-anchor-sets/:extId',
      lazy: async () => {
        await loadCatalog('trust-anchors');
        return { Component: (await import('./set-page.js')).SetPage };
      },
    },
  ],
};
