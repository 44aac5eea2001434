import { Trans } from '@lingui/react/macro';

import { ApiError } from '../../api/api-error.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Notice } from './notice.js';

/** Why a change was not made. */
export function ChangeProblem({ error }: { readonly error: unknown }) {
  if (error === undefined) return null;
  if (error instanceof ApiError && (error.status === 409 || error.status === 412)) {
    return (
      <Notice tone="warning" title={<Trans>Somebody else has changed this in the meantime</Trans>}>
        <Trans>Nothing was saved. The page now shows how it is. If you still want your change, do it again.</Trans>
      </Notice>
    );
  }
  if (error instanceof ApiError && error.has('errors.stateTransitionDenied')) {
    return (
      <Notice tone="danger" title={<Trans>You cannot change this yourself</Trans>}>
        <Trans>It is locked or switched off, and only an administrator can change that.</Trans>
      </Notice>
    );
  }
  return <ErrorNotice error={error} />;
}
