import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';

import type { CertificateResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { hasMixedScripts } from '../../components/deceiving-text.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Expiry } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { Tabs } from '../../components/tabs.js';
import { CertificateActions } from './actions.js';
import { type CertificateKey, consoleOf, userAddress } from './addresses.js';
import { HistoryTab } from './history-tab.js';
import { titleOf } from './names.js';
import { OverviewTab } from './overview-tab.js';
import { PathTab } from './path-tab.js';
import { PolicyTab } from './policy-tab.js';
import { useCertificate, useCertificateKey } from './use-certificate.js';

import styles from './certificates.module.css';

export function CertificatePage() {
  const { t } = useLingui();
  const path = useCertificateKey();
  const { data, error, refetch } = useCertificate(path);
  if (data !== undefined) return <Loaded path={path} certificate={data} />;
  return (
    <>
      <PageHeader title={t`Certificate`} above={<Above {...path} />} />
      {error === null ? <Loading /> : <ErrorNotice error={error} onRetry={() => void refetch()} />}
    </>
  );
}

interface LoadedProps {
  readonly path: CertificateKey;
  readonly certificate: CertificateResource;
}

function Loaded({ path, certificate }: LoadedProps) {
  const { t } = useLingui();
  const { stateName, validity } = certificate;
  const title = titleOf(certificate);
  return (
    <>
      <PageHeader title={title} above={<Above {...path} />} actions={<CertificateActions {...{ path, certificate }} />}>
        <p className={styles['summaryLine']}>
          <StateBadge state={stateName} />
          {hasMixedScripts(title) && <Badge tone="warning">{t`mixed scripts`}</Badge>}
          {validity.to !== undefined && (
            <span>
              <Expiry value={validity.to} />
            </span>
          )}
        </p>
      </PageHeader>
      <Tabs
        tabs={[
          { id: 'overview', label: t`Overview`, content: <OverviewTab {...{ path, certificate }} /> },
          { id: 'policy', label: t`Policy`, content: <PolicyTab {...{ path, certificate }} /> },
          { id: 'path', label: t`Path`, content: <PathTab {...{ path, certificate }} /> },
          { id: 'history', label: t`History`, content: <HistoryTab path={path} /> },
        ]}
      />
    </>
  );
}

function Above({ clientExtId, userExtId }: CertificateKey) {
  return (
    <>
      <Link to={`${consoleOf(clientExtId)}/certificates`}>
        <Trans>Certificates</Trans>
      </Link>
      <span aria-hidden="true">/</span>
      <Link to={userAddress(clientExtId, userExtId)}>
        <Trans>
          User <CertificateText text={userExtId} plain />
        </Trans>
      </Link>
    </>
  );
}
