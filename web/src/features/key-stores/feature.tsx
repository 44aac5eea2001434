import { msg } from '@lingui/core/macro';

import { KeyIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 70,
  navigation: { to: 'key-stores', label: msg`Key stores`, icon: KeyIcon, right: 'MtlsCertificateView' },
  routes: [
    {
      path: 'key-stores',
      lazy: async () => {
        await loadCatalog('key-stores');
        return { Component: (await import('./key-stores-page.js')).KeyStoresPage };
      },
    },
  ],
};
