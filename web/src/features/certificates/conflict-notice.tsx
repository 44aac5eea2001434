import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';

import { call } from '../../api/client.js';
import { listCertificateHistory } from '../../api/generated/sdk.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import type { CertificateKey } from './addresses.js';
import { HistoryEvent } from './history-event.js';

import styles from './certificates.module.css';

interface ConflictNoticeProps {
  readonly path: CertificateKey;
  /** The version that the caller has seen. */
  readonly since: number;
  /** Called with the version that there is now. */
  readonly onContinue: (version: number) => void;
}

/** Who changed what since the version that the caller has seen. */
export function ConflictNotice({ path, since, onContinue }: ConflictNoticeProps) {
  const { t } = useLingui();
  const { data, error, isPending } = useQuery({
    queryKey: ['conflict', path, since],
    queryFn: async ({ signal }) => (await call(listCertificateHistory({ path: { ...path }, signal }))).items,
    staleTime: 0,
    gcTime: 0,
  });
  if (isPending) return <Loading />;
  if (error !== null) return <ErrorNotice error={error} />;
  const later = data.filter(({ version = 0 }) => version > since);
  const current = later[0]?.version;
  return (
    <div className={styles['conflict']} role="alert">
      <p className={styles['strong']}>
        <Trans>Somebody changed this certificate meanwhile. Nothing of yours was saved.</Trans>
      </p>
      <ol className={styles['timeline']} aria-label={t`What changed meanwhile`}>
        {later.map((event) => (
          <HistoryEvent key={event.id} event={event} />
        ))}
      </ol>
      {current !== undefined && (
        <Button onClick={() => onContinue(current)}>
          <Trans>Continue with version {current}</Trans>
        </Button>
      )}
    </div>
  );
}
