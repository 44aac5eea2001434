import { msg } from '@lingui/core/macro';
import { redirect } from 'react-router';

import { CertificateIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';
import { addressOf } from './addresses.js';

/** What users do with their own record. */
export const feature: Feature = {
  area: 'my',
  order: 10,
  navigation: { to: '', label: msg`My certificates`, icon: CertificateIcon },
  routes: [
    {
      lazy: async () => {
        const [{ OwnRecord }] = await Promise.all([import('./own-record.js'), loadCatalog('my')]);
        return { Component: OwnRecord };
      },
      children: [
        {
          index: true,
          lazy: async () => ({ Component: (await import('./certificates-page.js')).CertificatesPage }),
        },
        { path: 'add', lazy: async () => ({ Component: (await import('./add-page.js')).AddPage }) },
        { path: 'password', lazy: async () => ({ Component: (await import('./password-page.js')).PasswordPage }) },
        { path: 'details', lazy: async () => ({ Component: (await import('./details-page.js')).DetailsPage }) },
        {
          path: 'certificates/:extId',
          lazy: async () => ({ Component: (await import('./replace-page.js')).ReplacePage }),
        },
        // A credential may be called `password`, so that pages link to the address above.
        { path: ':extId', loader: ({ params }) => redirect(addressOf(params['extId'] ?? '')) },
      ],
    },
  ],
};
