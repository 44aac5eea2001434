import { Trans, useLingui } from '@lingui/react/macro';
import { isRouteErrorResponse, useRouteError } from 'react-router';

import { ApiError } from '../api/api-error.js';
import { Button, LinkButton } from '../components/button.js';
import { ErrorNotice } from '../components/error-notice.js';
import { PageHeader } from '../components/page.js';

export function NotFound() {
  const { t } = useLingui();
  return (
    <>
      <PageHeader title={t`There is no such page`}>
        <p>
          <Trans>Perhaps the address is incomplete, or what it named has been deleted.</Trans>
        </p>
      </PageHeader>
      <LinkButton to={window.location.pathname.startsWith('/my') ? '/my/' : '/console/'}>
        <Trans>To the start page</Trans>
      </LinkButton>
    </>
  );
}

/** What a caller may not see is not shown as empty. */
export function Forbidden({ right }: { readonly right: string }) {
  const { t } = useLingui();
  return (
    <PageHeader title={t`You may not see this page`}>
      <p>
        <Trans>It takes the right {right}. Ask an administrator of your organization for it.</Trans>
      </p>
    </PageHeader>
  );
}

/** In place of a page that failed. */
export function RouteError() {
  const { t } = useLingui();
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <>
      <PageHeader title={isForbidden ? t`You may not see this page` : t`This page failed`}>
        {!(error instanceof ApiError) && (
          <p>
            <Trans>
              Perhaps a new version of certkeep was installed meanwhile. Load the page again; if that does not help,
              report the message to your administrator: {messageOf(error)}
            </Trans>
          </p>
        )}
      </PageHeader>
      {error instanceof ApiError && <ErrorNotice error={error} />}
      {!isForbidden && (
        <Button onClick={() => window.location.reload()}>
          <Trans>Load the page again</Trans>
        </Button>
      )}
    </>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
