import { Trans, useLingui } from '@lingui/react/macro';

import { call } from '../../api/client.js';
import { listTrustAnchorSets } from '../../api/generated/sdk.gen.js';
import type { TrustAnchorSetResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { Button, LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';

export function SetsPage() {
  const { t } = useLingui();
  const clientExtId = useClient();
  const pages = useMorePages(['trust-anchor-sets', clientExtId], async (page, signal) => {
    const query = { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(listTrustAnchorSets({ path: { clientExtId }, query, signal }));
    return { items, next: _pagination.continuationToken };
  });
  const columns: readonly Column<TrustAnchorSetResource>[] = [
    { id: 'name', label: t`Name`, cell: ({ name }) => <CertificateText text={name} plain /> },
    { id: 'extId', label: t`External ID`, cell: ({ extId }) => extId },
    { id: 'anchors', label: t`Anchors`, align: 'end', cell: (set) => countOf(set, 'anchor') },
    { id: 'intermediates', label: t`Intermediates`, align: 'end', cell: (set) => countOf(set, 'intermediate') },
    {
      id: 'unusable',
      label: t`Unusable`,
      align: 'end',
      cell: ({ certificates }) => {
        const count = certificates.filter(({ usable }) => !usable).length;
        return count === 0 ? '0' : <Badge tone="warning">{count}</Badge>;
      },
    },
    { id: 'changed', label: t`Last change`, cell: ({ lastModified }) => <Instant value={lastModified} /> },
  ];
  return (
    <>
      <PageHeader title={t`Trust-anchor sets`} actions={<NewButton />}>
        <p>
          <Trans>Policies name a set; a certificate then needs a path to one of its anchors.</Trans>
        </p>
      </PageHeader>
      <DataTable
        caption={t`Trust-anchor sets`}
        columns={columns}
        pages={pages}
        keyOf={({ extId }) => extId}
        linkOf={({ extId }) => encodeURIComponent(extId)}
        empty={
          <EmptyState title={t`There are no trust-anchor sets yet`} action={<NewButton />}>
            <Trans>Create a set from the PEM bundle of your certification authority, then name it in a policy.</Trans>
          </EmptyState>
        }
      />
    </>
  );
}

function countOf({ certificates }: TrustAnchorSetResource, role: 'anchor' | 'intermediate'): number {
  return certificates.filter((certificate) => certificate.role === role).length;
}

function NewButton() {
  const missing = useRights().missing('PolicyCreate');
  const label = <Trans>New set</Trans>;
  if (missing !== undefined) return <Button missingRight={missing}>{label}</Button>;
  return (
    <LinkButton variant="primary" to="new">
      {label}
    </LinkButton>
  );
}
