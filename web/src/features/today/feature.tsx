import { msg } from '@lingui/core/macro';

import { TodayIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 10,
  navigation: { to: 'today', label: msg`Today`, icon: TodayIcon },
  routes: [
    {
      path: 'today',
      lazy: async () => {
        await loadCatalog('today', 'words');
        return { Component: (await import('./today-page.js')).TodayPage };
      },
    },
  ],
};
