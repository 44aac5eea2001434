import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';

import { call } from '../../api/client.js';
import { getUser } from '../../api/generated/sdk.gen.js';
import type { UserResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { Tabs } from '../../components/tabs.js';
import { useRights } from '../../session/use-rights.js';
import { PageError } from '../../shell/other-pages.js';
import { useClient } from '../../shell/shell.js';
import { ChangeUserDialog } from './change-user-dialog.js';
import { UserActions } from './user-actions.js';
import { UserCredentials } from './user-credentials.js';
import { UserDetails } from './user-details.js';
import { UserHistory } from './user-history.js';
import { nameOf } from './user-name.js';
import { UserPassword } from './user-password.js';

import styles from './users.module.css';

export function UserPage() {
  const { t } = useLingui();
  const client = useClient();
  const { userExtId = '' } = useParams();
  const { has } = useRights();
  const queries = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const {
    data: user,
    error,
    refetch,
  } = useQuery({
    queryKey: ['user', client, userExtId],
    queryFn: async ({ signal }) => await call(getUser({ path: { clientExtId: client, userExtId }, signal })),
  });
  if (user === undefined) {
    return error === null ? <Loading /> : <PageError error={error} onRetry={() => void refetch()} />;
  }
  const setEditing = (isEditing: boolean) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (isEditing) after.set('edit', 'user');
        else after.delete('edit');
        return after;
      },
      { replace: !isEditing },
    );
  const refresh = async () => {
    void queries.invalidateQueries({ queryKey: ['users', client] });
    await queries.invalidateQueries({ queryKey: ['user', client, userExtId] });
  };
  return (
    <>
      <PageHeader
        title={nameOf(user)}
        above={
          <Link to={`/console/${encodeURIComponent(client)}/users`}>
            <Trans>Users</Trans>
          </Link>
        }
        actions={<UserActions user={user} onEdit={() => setEditing(true)} onChanged={refresh} />}
      >
        <p className={styles['badges']}>
          <StateBadge state={user.userState} />
          <CertificateText text={user.extId} code />
          {user.isTechnicalUser && (
            <Badge>
              <Trans>Technical</Trans>
            </Badge>
          )}
        </p>
      </PageHeader>
      <Tabs
        tabs={[
          { id: 'credentials', label: t`Credentials`, content: <Credentials user={user} /> },
          { id: 'details', label: t`Details`, content: <UserDetails user={user} /> },
          { id: 'history', label: t`History`, content: <UserHistory user={user} /> },
        ]}
      />
      {search.get('edit') === 'user' && has('UserModify') && (
        <ChangeUserDialog
          user={user}
          onClose={() => setEditing(false)}
          onChanged={() => {
            setEditing(false);
            void refresh();
          }}
        />
      )}
    </>
  );
}

function Credentials({ user }: { readonly user: UserResource }) {
  return (
    <>
      <UserCredentials user={user} />
      <UserPassword user={user} />
    </>
  );
}
