import { msg } from '@lingui/core/macro';

import { LogIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 80,
  navigation: { to: 'audit', label: msg`Audit log`, icon: LogIcon, right: 'HistoryView' },
  routes: [
    {
      path: 'audit',
      lazy: async () => {
        await loadCatalog('audit', 'words');
        return { Component: (await import('./audit-page.js')).AuditPage };
      },
    },
  ],
};
