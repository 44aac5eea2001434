import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from 'react-router';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { getPrincipal } from '../../api/generated/sdk.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import { EmptyState } from '../../components/page.js';
import { useSession } from '../../session/session.js';
import { MeContext } from './me.js';
import { PasswordConfirmation } from './password-confirmation.js';

/** What all pages of a user about themselves need: who they are, and the password once it was asked for. */
export function OwnRecord() {
  const { subject } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['my', 'principal', subject],
    queryFn: async ({ signal }) => await call(getPrincipal({ signal })),
  });
  if (data !== undefined) {
    return (
      <MeContext value={data}>
        <PasswordConfirmation key={`${data.clientExtId} ${data.userExtId}`}>
          <Outlet />
        </PasswordConfirmation>
      </MeContext>
    );
  }
  if (error === null) return <Loading />;
  if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return <NoOwnRecord />;
  return <ErrorNotice error={error} onRetry={() => void refetch()} />;
}

function NoOwnRecord() {
  return (
    <EmptyState title={<Trans>There is nothing of yours here</Trans>}>
      <Trans>
        You are signed in, but not as an active user of this server. If you have a certificate here, ask your
        administrator.
      </Trans>
    </EmptyState>
  );
}
