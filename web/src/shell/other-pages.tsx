import { Trans, useLingui } from '@lingui/react/macro';
import { isRouteErrorResponse, useLocation, useNavigate, useRouteError } from 'react-router';

import { ApiError } from '../api/api-error.js';
import { Button, LinkButton } from '../components/button.js';
import { ErrorNotice } from '../components/error-notice.js';
import { PageHeader } from '../components/page.js';

import styles from './shell.module.css';

export function NotFound({ error }: { readonly error?: ApiError }) {
  const { t } = useLingui();
  return (
    <>
      <PageHeader title={t`There is no such page`}>
        <p>
          <Trans>Perhaps the address is incomplete, or what it named has been deleted.</Trans>
        </p>
        {error !== undefined && <ErrorNotice error={error} />}
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

interface PageErrorProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** In place of a page whose record could not be read. Like every page, it has a heading, which gets the focus. */
export function PageError({ error, onRetry }: PageErrorProps) {
  const { t } = useLingui();
  const status = error instanceof ApiError ? error.status : 0;
  if (error instanceof ApiError && status === 404) return <NotFound error={error} />;
  return (
    <>
      <PageHeader title={status === 403 ? t`You may not see this page` : t`This page could not be loaded`} />
      <ErrorNotice error={error} {...(status === 403 ? {} : { onRetry })} />
    </>
  );
}

/** In place of a page that failed. */
export function RouteError() {
  const { t } = useLingui();
  const error = useRouteError();
  const navigate = useNavigate();
  const location = useLocation();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <>
      <PageHeader title={isForbidden ? t`You may not see this page` : t`This page failed`}>
        {!(error instanceof ApiError) && (
          <p>
            <Trans>
              Perhaps the connection was lost, or a new version of certkeep was installed meanwhile. Try again. If that
              does not help, load the page again, or report the message to your administrator: {messageOf(error)}
            </Trans>
          </p>
        )}
      </PageHeader>
      {error instanceof ApiError && <ErrorNotice error={error} />}
      {!isForbidden && (
        <p className={styles['attempts']}>
          {/* Who came by a link is no longer signed in after loading the page again. */}
          <Button variant="primary" onClick={() => void navigate(location, { replace: true })}>
            <Trans>Try again</Trans>
          </Button>
          <Button onClick={() => window.location.reload()}>
            <Trans>Load the page again</Trans>
          </Button>
        </p>
      )}
    </>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
