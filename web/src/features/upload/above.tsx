import { Trans } from '@lingui/react/macro';
import { Link } from 'react-router';

import { CertificateText } from '../../components/certificate-text.js';
import { userPath } from '../users/paths.js';

export function Above({ clientExtId, userExtId }: { readonly clientExtId: string; readonly userExtId: string }) {
  return (
    <>
      <Link to={`/console/${encodeURIComponent(clientExtId)}/users`}>
        <Trans>Users</Trans>
      </Link>
      <span aria-hidden="true">/</span>
      <Link to={userPath(clientExtId, userExtId)}>
        <CertificateText text={userExtId} />
      </Link>
    </>
  );
}
