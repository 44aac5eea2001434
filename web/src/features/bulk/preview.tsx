import { Trans, useLingui } from '@lingui/react/macro';

import type { BulkAction, BulkPreviewResource, CertificateResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { DescriptionList, EmptyState, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { useLocalPages } from '../../components/use-local-pages.js';
import { certificateAddress } from '../certificates/addresses.js';
import { nameOf } from '../certificates/names.js';
import { EXPECTED } from './job-texts.js';
import { RowTable } from './row-table.js';

interface PreviewProps {
  readonly clientExtId: string;
  readonly action: BulkAction;
  readonly changed: number;
  readonly preview: BulkPreviewResource;
}

/** What a change would do: the numbers, what would be refused, and the first certificates. */
export function Preview({ clientExtId, action, changed, preview }: PreviewProps) {
  const { t, i18n } = useLingui();
  const { count, unchanged, refused, certificates } = preview;
  const pages = useLocalPages(certificates);
  const columns: readonly Column<CertificateResource>[] = [
    { id: 'subject', label: t`Certificate`, cell: (row) => <CertificateText text={nameOf(row)} plain /> },
    { id: 'user', label: t`User`, cell: ({ userExtId }) => <CertificateText text={userExtId} /> },
    { id: 'state', label: t`State`, cell: ({ stateName }) => <StateBadge state={stateName} /> },
    { id: 'policy', label: t`Policy`, cell: ({ policyExtId }) => <CertificateText text={policyExtId} /> },
  ];
  return (
    <>
      <div role="status">
        <DescriptionList
          entries={[
            [t`Selected`, i18n.number(count)],
            [i18n._(EXPECTED[action]), i18n.number(changed)],
            [t`Stay as they are`, i18n.number(unchanged)],
            [t`Will be refused`, i18n.number(refused.count)],
          ]}
        />
      </div>
      {refused.count > 0 && (
        <Section title={<Trans>Will be refused</Trans>}>
          {refused.count > refused.first.length && (
            <p>
              <Trans>The first {i18n.number(refused.first.length)} are shown.</Trans>
            </p>
          )}
          <RowTable
            caption={t`Will be refused`}
            rows={refused.first.map((row, index) => ({ ...row, position: index + 1, result: 'refused' as const }))}
          />
        </Section>
      )}
      <Section title={<Trans>Selected certificates</Trans>}>
        {count > certificates.length && (
          <p>
            <Trans>The first {i18n.number(certificates.length)} are shown.</Trans>
          </p>
        )}
        <DataTable
          caption={t`Selected certificates`}
          columns={columns}
          pages={pages}
          keyOf={({ extId }) => extId}
          linkOf={({ userExtId, extId }) => certificateAddress({ clientExtId, userExtId, extId })}
          empty={<EmptyState title={<Trans>No certificate is selected</Trans>} />}
        />
      </Section>
    </>
  );
}
