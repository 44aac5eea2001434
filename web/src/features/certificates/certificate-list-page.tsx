import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { createContext, use, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { call } from '../../api/client.js';
import { listClientCertificates } from '../../api/generated/sdk.gen.js';
import type { CertificateResource } from '../../api/generated/types.gen.js';
import { Button, LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Expiry, Instant } from '../../components/instant.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useClient } from '../../shell/shell.js';
import { changeAddress, MAX_CHOSEN } from '../bulk/selection.js';
import { certificateAddress, consoleOf, userAddress } from './addresses.js';
import { FilterChips } from './filter-chips.js';
import { FilterForm } from './filter-form.js';
import { type Filters, filtersOf, queryOf, searchOf } from './filters.js';
import { commonName, nameOf } from './names.js';

/** F1: the certificates of the client, with every filter in the address. */
export function CertificateListPage() {
  const { t, i18n } = useLingui();
  const clientExtId = useClient();
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const key = searchOf(filters).toString();
  const apply = (next: Filters) => setSearch(searchOf(next));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const columns = useColumns();
  const isChangeable = key !== '' || chosen.size > 0;
  const pages = useMorePages(['certificates', clientExtId, key], async (page, signal) => {
    const query = { ...queryOf(filters), limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(listClientCertificates({ path: { clientExtId }, query, signal }));
    return { items, next: _pagination.continuationToken };
  });
  return (
    <>
      <PageHeader
        title={t`Certificates`}
        actions={
          <>
            <TotalCount key={key} {...{ clientExtId, filters }} />
            {isChangeable && (
              <LinkButton to={changeAddress(consoleOf(clientExtId), filters, chosen)}>
                {chosen.size > 0 ? <Trans>Change chosen ({chosen.size})…</Trans> : <Trans>Change all…</Trans>}
              </LinkButton>
            )}
          </>
        }
      />
      <FilterForm key={`form ${key}`} filters={filters} onApply={apply} />
      <FilterChips filters={filters} onApply={apply} />
      {chosen.size >= MAX_CHOSEN && (
        <p role="status">
          <Trans>
            At most {i18n.number(MAX_CHOSEN)} certificates can be chosen. To change more, choose none, filter the list
            and change all.
          </Trans>
        </p>
      )}
      <Choice value={{ chosen, setChosen }}>
        <DataTable
          caption={t`Certificates`}
          columns={columns}
          pages={pages}
          keyOf={({ extId }) => extId}
          linkOf={({ userExtId, extId }) => certificateAddress({ clientExtId, userExtId, extId })}
          empty={<NoCertificates isFiltered={key !== ''} onReset={() => apply({})} />}
        />
      </Choice>
    </>
  );
}

/** The chosen rows, beside the columns: a choice renders its box again, not all rows. */
const Choice = createContext<{
  readonly chosen: ReadonlySet<string>;
  readonly setChosen: (chosen: ReadonlySet<string>) => void;
}>({ chosen: new Set(), setChosen: () => {} });

function Choose({ row }: { readonly row: CertificateResource }) {
  const { t } = useLingui();
  const { chosen, setChosen } = use(Choice);
  return (
    <input
      type="checkbox"
      aria-label={t`Choose ${nameOf(row)}`}
      checked={chosen.has(row.extId)}
      disabled={chosen.size >= MAX_CHOSEN && !chosen.has(row.extId)}
      onChange={({ target: { checked } }) => {
        const others = [...chosen].filter((extId) => extId !== row.extId);
        setChosen(new Set(checked ? [...others, row.extId] : others));
      }}
    />
  );
}

function useColumns(): readonly Column<CertificateResource>[] {
  const { t } = useLingui();
  return useMemo(
    () => [
      { id: 'subject', label: t`Subject`, cell: (row) => <CertificateText text={nameOf(row)} plain /> },
      { id: 'user', label: t`User`, cell: ({ userExtId }) => <UserLink userExtId={userExtId} /> },
      { id: 'state', label: t`State`, cell: ({ stateName }) => <StateBadge state={stateName} /> },
      {
        id: 'expiry',
        label: t`Validity`,
        cell: ({ validity: { to } }) => (to === undefined ? '–' : <Expiry value={to} />),
      },
      {
        id: 'used',
        label: t`Last login`,
        cell: ({ lastSuccessfulLoginDate: at }) => (at === undefined ? '–' : <Instant value={at} dateOnly />),
      },
      {
        id: 'issuer',
        label: t`Issuer`,
        cell: ({ issuerDN }) => (issuerDN === undefined ? '–' : <CertificateText text={commonName(issuerDN)} />),
      },
      {
        id: 'chosen',
        label: t`Chosen`,
        cell: (row) => <Choose row={row} />,
      },
    ],
    [t],
  );
}

function UserLink({ userExtId }: { readonly userExtId: string }) {
  return (
    <Link to={userAddress(useClient(), userExtId)}>
      <CertificateText text={userExtId} plain />
    </Link>
  );
}

interface TotalCountProps {
  readonly clientExtId: string;
  readonly filters: Filters;
}

/** Counting may take seconds, so it is done only when somebody asks for it. */
function TotalCount({ clientExtId, filters }: TotalCountProps) {
  const { i18n } = useLingui();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async () => {
      const query = { ...queryOf(filters), limit: 1, returnTotalResultCount: true };
      const { _pagination } = await call(listClientCertificates({ path: { clientExtId }, query }));
      return _pagination.totalResult ?? 0;
    },
  });
  if (error !== null) return <ErrorNotice error={error} />;
  if (data !== undefined) {
    return (
      <p role="status">
        <Trans>{i18n.number(data)} in all</Trans>
      </p>
    );
  }
  return (
    <Button variant="quiet" pending={isPending} onClick={() => mutate()}>
      <Trans>Count all</Trans>
    </Button>
  );
}

function NoCertificates({ isFiltered, onReset }: { readonly isFiltered: boolean; readonly onReset: () => void }) {
  if (!isFiltered) {
    return (
      <EmptyState title={<Trans>No certificate is registered yet</Trans>}>
        <Trans>Open a user, then upload their certificate there.</Trans>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={<Trans>No certificate matches these filters</Trans>}
      action={
        <Button onClick={onReset}>
          <Trans>Remove all filters</Trans>
        </Button>
      }
    >
      <Trans>Remove one of them, or search for a part of a name.</Trans>
    </EmptyState>
  );
}
