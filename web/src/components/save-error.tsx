import { Trans } from '@lingui/react/macro';

import { ApiError } from '../api/api-error.js';
import { Button } from './button.js';
import { ErrorNotice } from './error-notice.js';

interface SaveErrorProps {
  readonly error: Error;
  readonly onReload: () => void;
}

/** Why a change could not be saved. After a conflict, the newest version can take its place. */
export function SaveError({ error, onReload }: SaveErrorProps) {
  return (
    <>
      <ErrorNotice error={error} />
      {error instanceof ApiError && error.status === 409 && (
        <Button onClick={onReload}>
          <Trans>Load the newest version and discard these changes</Trans>
        </Button>
      )}
    </>
  );
}
