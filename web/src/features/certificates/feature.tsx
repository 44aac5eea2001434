import { msg } from '@lingui/core/macro';

import { CertificateIcon } from '../../components/icons.js';
import type { Feature } from '../../feature.js';
import { loadCatalog } from '../../i18n/languages.js';

export const feature: Feature = {
  area: 'console',
  order: 20,
  navigation: { to: 'certificates', label: msg`Certificates`, icon: CertificateIcon, right: 'CredentialView' },
  routes: [
    {
      path: 'certificates',
      lazy: async () => {
        await loadCatalog('certificates', 'words');
        const { CertificateListPage } = await import('./certificate-list-page.js');
        return { Component: CertificateListPage };
      },
    },
    {
      path: 'users/:userExtId/certificates/:extId',
      lazy: async () => {
        await loadCatalog('certificates', 'words');
        const { CertificatePage } = await import('./certificate-page.js');
        return { Component: CertificatePage };
      },
    },
  ],
};
