import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { call } from '../../api/client.js';
import { listAuditEvents } from '../../api/generated/sdk.gen.js';
import type { AuditEventResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useClient } from '../../shell/shell.js';
import { Changes } from '../words/changes.js';
import { filtersIn } from './audit-filters.js';
import { What, Why } from './event-cells.js';
import { ExportButtons } from './export-buttons.js';
import { FilterForm } from './filter-form.js';

import styles from './audit.module.css';

export function AuditPage() {
  const { t } = useLingui();
  const clientExtId = useClient();
  const [search] = useSearchParams();
  const filters = filtersIn(search);
  const hasFilters = Object.keys(filters).length > 0;
  const pages = useMorePages(['audit', clientExtId, filters], async (page, signal) => {
    const query = { ...filters, order: 'desc', limit: PAGE_ROWS } as const;
    const next = page === undefined ? {} : { continuationToken: page };
    const { items, _pagination } = await call(
      listAuditEvents({ path: { clientExtId }, query: { ...query, ...next }, signal }),
    );
    return { items, next: _pagination.continuationToken };
  });
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t`Audit log`} actions={<ExportButtons clientExtId={clientExtId} filters={filters} />}>
        <HeldFrom clientExtId={clientExtId} />
      </PageHeader>
      <FilterForm />
      <DataTable
        caption={t`Audit events, newest first`}
        columns={columns}
        pages={pages}
        keyOf={({ id }) => id}
        empty={
          hasFilters ? (
            <EmptyState title={t`No event matches these filters`}>
              <Trans>Remove a filter, or choose a longer time.</Trans>
            </EmptyState>
          ) : (
            <EmptyState title={t`There are no events yet`}>
              <Trans>Every change, login and refused request of this client will be listed here.</Trans>
            </EmptyState>
          )
        }
      />
    </>
  );
}

/** Where retention has dropped what was before. */
function HeldFrom({ clientExtId }: { readonly clientExtId: string }) {
  const { data } = useQuery({
    queryKey: ['audit-held-from', clientExtId],
    queryFn: async ({ signal }) =>
      await call(listAuditEvents({ path: { clientExtId }, query: { order: 'desc', limit: 1 }, signal })),
  });
  const heldFrom = data?._pagination.heldFrom;
  if (heldFrom === undefined) return null;
  return (
    <p>
      <Trans>
        Earlier events were dropped: the log begins at <Instant value={heldFrom} />.
      </Trans>
    </p>
  );
}

function useColumns(): readonly Column<AuditEventResource>[] {
  const { t } = useLingui();
  return useMemo(
    () => [
      { id: 'at', label: t`When`, cell: ({ at }) => <Instant value={at} /> },
      {
        id: 'actor',
        label: t`Who`,
        cell: ({ actor, address }) => (
          <span className={`${styles['stack']} ${styles['who']}`}>
            <CertificateText text={actor} />
            {address !== undefined && <small className={styles['quiet']}>{address}</small>}
          </span>
        ),
      },
      { id: 'what', label: t`What`, cell: (event) => <What event={event} /> },
      { id: 'changes', label: t`Changes`, cell: ({ changes }) => <Changes changes={changes} /> },
      { id: 'why', label: t`Details`, cell: (event) => <Why event={event} /> },
    ],
    [t],
  );
}
