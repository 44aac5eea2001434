import { msg } from '@lingui/core/macro';

import { UserIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 30,
  navigation: { to: 'users', label: msg`Users`, icon: UserIcon, right: 'UserView' },
  routes: [
    {
      path: 'users',
      lazy: async () => {
        await loadCatalog('users', 'words');
        return { Component: (await import('./users-page.js')).UsersPage };
      },
    },
    {
      path: 'users/:userExtId',
      lazy: async () => {
        await loadCatalog('users', 'words');
        return { Component: (await import('./user-page.js')).UserPage };
      },
    },
  ],
};
