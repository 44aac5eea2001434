import { Trans } from '@lingui/react/macro';
import { useEffect } from 'react';
import { NavigationType, useBlocker } from 'react-router';

import { ConfirmDialog } from './dialog.js';

/** Asks before somebody leaves a page on which they have changed something. */
export function UnsavedChanges({ isChanged }: { readonly isChanged: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation, historyAction }) =>
      // A page that replaces itself is done with its record: it was deleted, or created.
      isChanged && historyAction !== NavigationType.Replace && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!isChanged) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isChanged]);
  return (
    <ConfirmDialog
      open={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={<Trans>Leave without saving?</Trans>}
      consequence={<Trans>What you have changed on this page is lost.</Trans>}
      confirm={<Trans>Leave</Trans>}
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
