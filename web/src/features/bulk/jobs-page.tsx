import { Trans, useLingui } from '@lingui/react/macro';

import { call } from '../../api/client.js';
import { listJobs } from '../../api/generated/sdk.gen.js';
import type { JobResource } from '../../api/generated/types.gen.js';
import { LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useClient } from '../../shell/shell.js';
import { ACTIONS, STATUSES } from './job-texts.js';

/** The jobs of the client, newest first. */
export function JobsPage() {
  const { t, i18n } = useLingui();
  const clientExtId = useClient();
  const pages = useMorePages(['jobs', clientExtId], async (page, signal) => {
    const query = { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(listJobs({ path: { clientExtId }, query, signal }));
    return { items, next: _pagination.continuationToken };
  });
  const columns: readonly Column<JobResource>[] = [
    { id: 'action', label: t`Action`, cell: ({ action }) => i18n._(ACTIONS[action]) },
    { id: 'status', label: t`Status`, cell: ({ status }) => i18n._(STATUSES[status]) },
    { id: 'total', label: t`Rows`, align: 'end', cell: ({ total }) => i18n.number(total) },
    { id: 'changed', label: t`Changed`, align: 'end', cell: ({ changed }) => i18n.number(changed) },
    { id: 'refused', label: t`Refused`, align: 'end', cell: ({ refused }) => i18n.number(refused) },
    { id: 'actor', label: t`Created by`, cell: ({ actor }) => <CertificateText text={actor} /> },
    { id: 'created', label: t`Created`, cell: ({ created }) => <Instant value={created} /> },
  ];
  return (
    <>
      <PageHeader
        title={t`Bulk changes`}
        actions={
          <>
            <LinkButton to="incident">
              <Trans>Incident</Trans>
            </LinkButton>
            <LinkButton to="import">
              <Trans>Import a file</Trans>
            </LinkButton>
          </>
        }
      >
        <p>
          <Trans>Changes of many certificates, and imports. They are kept for 30 days.</Trans>
        </p>
      </PageHeader>
      <DataTable
        caption={t`Bulk changes`}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        linkOf={({ id }) => id}
        empty={
          <EmptyState title={<Trans>There is no bulk change yet</Trans>}>
            <Trans>Filter the list of certificates, then choose “Change all…”.</Trans>
          </EmptyState>
        }
      />
    </>
  );
}
