import { Trans, useLingui } from '@lingui/react/macro';

import type { JobRowResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { EmptyState } from '../../components/page.js';
import { useLocalPages } from '../../components/use-local-pages.js';
import { RESULTS } from './job-texts.js';

/** What became of rows, or would; with the reasons of a refusal. */
export function RowTable({ caption, rows }: { readonly caption: string; readonly rows: readonly JobRowResource[] }) {
  const { t, i18n } = useLingui();
  const pages = useLocalPages(rows);
  const columns: readonly Column<JobRowResource>[] = [
    { id: 'position', label: t`Row`, cell: ({ position }) => i18n.number(position) },
    {
      id: 'result',
      label: t`Result`,
      cell: ({ result }) =>
        result === undefined ? '–' : <Badge tone={RESULTS[result].tone}>{i18n._(RESULTS[result].label)}</Badge>,
    },
    {
      id: 'certificate',
      label: t`Certificate`,
      isId: true,
      cell: ({ extId }) => <CertificateText text={extId ?? '–'} />,
    },
    { id: 'user', label: t`User`, isId: true, cell: ({ userExtId }) => <CertificateText text={userExtId ?? '–'} /> },
    { id: 'reason', label: t`Reason`, cell: ({ errors }) => <Reasons errors={errors ?? []} /> },
  ];
  return (
    <DataTable
      caption={caption}
      columns={columns}
      pages={pages}
      keyOf={({ position }) => String(position)}
      empty={<EmptyState title={<Trans>There is no such row</Trans>} />}
    />
  );
}

function Reasons({ errors }: { readonly errors: NonNullable<JobRowResource['errors']> }) {
  if (errors.length === 0) return '–';
  return (
    <ul>
      {errors.map(({ message, remedy }, index) => (
        <li key={index}>
          <CertificateText text={message} /> {remedy !== undefined && <CertificateText text={remedy} />}
        </li>
      ))}
    </ul>
  );
}
