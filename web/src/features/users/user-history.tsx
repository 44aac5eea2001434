import { Trans, useLingui } from '@lingui/react/macro';

import { call } from '../../api/client.js';
import { listUserHistory } from '../../api/generated/sdk.gen.js';
import type { AuditEventResource, UserResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { EmptyState } from '../../components/page.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { Changes } from '../words/changes.js';
import { ACTION_NAMES } from '../words/names.js';

export function UserHistory({ user: { clientExtId, extId, version } }: { readonly user: UserResource }) {
  const { t, i18n } = useLingui();
  const pages = useMorePages(['user-history', clientExtId, extId, version], async (page, signal) => {
    const query = { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(
      listUserHistory({ path: { clientExtId, userExtId: extId }, query, signal }),
    );
    return { items, next: _pagination.continuationToken };
  });
  const columns: readonly Column<AuditEventResource>[] = [
    { id: 'at', label: t`When`, cell: ({ at }) => <Instant value={at} /> },
    { id: 'action', label: t`What`, cell: ({ action }) => i18n._(ACTION_NAMES[action]) },
    { id: 'actor', label: t`Who`, cell: ({ actor }) => <CertificateText text={actor} /> },
    { id: 'changes', label: t`Values`, cell: ({ changes }) => <Changes changes={changes} /> },
  ];
  return (
    <DataTable
      caption={t`History`}
      columns={columns}
      pages={pages}
      keyOf={({ id }) => id}
      empty={<EmptyState title={<Trans>There is no history</Trans>} />}
    />
  );
}
