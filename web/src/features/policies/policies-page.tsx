import { Trans, useLingui } from '@lingui/react/macro';

import { call } from '../../api/client.js';
import { listPolicies } from '../../api/generated/sdk.gen.js';
import type { PolicyResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useClient } from '../../shell/shell.js';
import { NewButton } from './new-button.js';

export function PoliciesPage() {
  const { t } = useLingui();
  const clientExtId = useClient();
  const pages = useMorePages(['policies', clientExtId], async (page, signal) => {
    const query = { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(listPolicies({ path: { clientExtId }, query, signal }));
    return { items, next: _pagination.continuationToken };
  });
  const columns: readonly Column<PolicyResource>[] = [
    { id: 'name', label: t`Name`, cell: ({ name, extId }) => <CertificateText text={name ?? extId} plain /> },
    { id: 'type', label: t`Type`, cell: ({ policyType }) => policyType },
    {
      id: 'default',
      label: t`Default`,
      cell: ({ defaultPolicy }) => (defaultPolicy ? <Badge tone="ok">{t`Default of its type`}</Badge> : '–'),
    },
    {
      id: 'description',
      label: t`Description`,
      cell: ({ description }) => <CertificateText text={description ?? '–'} />,
    },
    { id: 'changed', label: t`Last change`, cell: ({ lastModified }) => <Instant value={lastModified} /> },
  ];
  return (
    <>
      <PageHeader title={t`Policies`} actions={<NewButton />}>
        <p>
          <Trans>A policy says which certificates users may register, and how logins are locked.</Trans>
        </p>
      </PageHeader>
      <DataTable
        caption={t`Policies`}
        columns={columns}
        pages={pages}
        keyOf={({ extId }) => extId}
        linkOf={({ extId }) => encodeURIComponent(extId)}
        empty={
          <EmptyState title={t`There are no policies yet`} action={<NewButton />}>
            <Trans>Create a CertificatePolicy first: users can register certificates only under one.</Trans>
          </EmptyState>
        }
      />
    </>
  );
}
