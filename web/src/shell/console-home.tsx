import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from 'react-router';

import { ApiError } from '../api/api-error.js';
import { call } from '../api/client.js';
import { getPrincipal, listClients } from '../api/generated/sdk.gen.js';
import { CertificateText } from '../components/certificate-text.js';
import { ErrorNotice } from '../components/error-notice.js';
import { Loading } from '../components/loading.js';
import { PageHeader } from '../components/page.js';
import { useSession } from '../session/session.js';

import styles from './shell.module.css';

interface ReachedClient {
  readonly extId: string;
  readonly name?: string;
}

const MAX_CLIENTS = 100;

/** Goes on to the only client that the caller reaches, and lets them choose if there are several. */
export function ConsoleHome() {
  const { t } = useLingui();
  const { clientExtId } = useSession();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['clients', 'reached'],
    queryFn: async ({ signal }) => await reachedClients(clientExtId, signal),
  });
  if (isPending) return <Loading />;
  const [first] = data ?? [];
  if (data?.length === 1 && first !== undefined) {
    return <Navigate to={`/console/${encodeURIComponent(first.extId)}/today`} replace />;
  }
  return (
    <main id="content" className={styles['content']}>
      <PageHeader title={t`Choose a client`} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <ul>
        {data?.map(({ extId, name }) => (
          <li key={extId}>
            <Link to={`/console/${encodeURIComponent(extId)}/today`}>
              <CertificateText text={name === undefined || name === extId ? extId : `${name} (${extId})`} />
            </Link>
          </li>
        ))}
      </ul>
      {data?.length === MAX_CLIENTS && (
        <p>
          <Trans>Only the first {MAX_CLIENTS} are shown. Add the external ID of another one to the address.</Trans>
        </p>
      )}
    </main>
  );
}

/** A caller who may not list clients works in the one of the token, or of their own record. */
async function reachedClients(own: string | undefined, signal: AbortSignal): Promise<readonly ReachedClient[]> {
  try {
    const { items } = await call(listClients({ query: { limit: MAX_CLIENTS }, signal }));
    if (items.length > 0) return items;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) throw error;
  }
  if (own !== undefined) return [{ extId: own }];
  const { clientExtId, clientName } = await call(getPrincipal({ signal }));
  return [{ extId: clientExtId, name: clientName }];
}
