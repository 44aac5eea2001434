import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';

import { call } from '../../api/client.js';
import { listCertificateHistory } from '../../api/generated/sdk.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import { Section } from '../../components/page.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useRights } from '../../session/use-rights.js';
import { type CertificateKey, consoleOf } from './addresses.js';
import { HistoryEvent } from './history-event.js';
import { keyOf } from './use-certificate.js';

import styles from './certificates.module.css';

/** The versions of the credential, newest first. */
export function HistoryTab({ path }: { readonly path: CertificateKey }) {
  const { t } = useLingui();
  const { has } = useRights();
  const pages = useMorePages(keyOf(path, 'history'), async (page, signal) => {
    const query = { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(listCertificateHistory({ path: { ...path }, query, signal }));
    return { items, next: _pagination.continuationToken };
  });
  const events = new URLSearchParams({ kind: 'certificate', extId: path.extId });
  if (pages.error !== null && pages.rows.length === 0) return <ErrorNotice error={pages.error} onRetry={pages.retry} />;
  if (pages.isLoading) return <Loading />;
  return (
    <Section
      title={<Trans>Versions</Trans>}
      actions={
        has('HistoryView') && (
          <Link to={`${consoleOf(path.clientExtId)}/audit?${events.toString()}`}>
            <Trans>All its events in the audit log</Trans>
          </Link>
        )
      }
    >
      {pages.hasPrevious && (
        <Button variant="quiet" onClick={pages.previous}>
          <Trans>Later versions</Trans>
        </Button>
      )}
      <ol className={styles['timeline']} aria-label={t`Versions, newest first`}>
        {pages.rows.map((event) => (
          <HistoryEvent key={event.id} event={event} />
        ))}
      </ol>
      {pages.hasNext && (
        <Button pending={pages.isFetching} onClick={pages.next}>
          <Trans>Earlier versions</Trans>
        </Button>
      )}
    </Section>
  );
}
