import { Trans, useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { call } from '../../api/client.js';
import { listUsers } from '../../api/generated/sdk.gen.js';
import type { ListUsersData, UserResource, UserState } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Select } from '../../components/field.js';
import { Instant } from '../../components/instant.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { CreateUserDialog } from './create-user-dialog.js';
import { FilterInput } from './filter-input.js';
import { userPath } from './paths.js';
import { useFilters } from './use-filters.js';
import { nameOf } from './user-name.js';

import styles from './users.module.css';

const FILTERS = ['q', 'state', 'familyName', 'email', 'loginId', 'technical'] as const;
type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;

const MIN_PART = 3;
const STATES: readonly UserState[] = ['active', 'disabled', 'archived'];

export function UsersPage() {
  const { t } = useLingui();
  const client = useClient();
  const { missing } = useRights();
  const [search, setSearch] = useSearchParams();
  const { values, isFiltered, set, clear } = useFilters(FILTERS);
  const pages = useMorePages(['users', client, values], async (page, signal) => {
    const { items, _pagination } = await call(
      listUsers({ path: { clientExtId: client }, query: { ...queryOf(values), ...pageOf(page) }, signal }),
    );
    return { items, next: _pagination.continuationToken };
  });
  const createButton = (
    <Button
      variant="primary"
      missingRight={missing('UserCreate')}
      onClick={() => setSearch((before) => withMember(before, 'create', 'user'))}
    >
      <Trans>Create a user</Trans>
    </Button>
  );
  const columns = useColumns();
  return (
    <>
      <PageHeader title={t`Users`} actions={createButton} />
      <search className={styles['filters']}>
        <div className={styles['widest']}>
          <FilterInput
            label={t`Search`}
            help={t`A part of the name, login ID, e-mail or ID`}
            tooShort={t`Enter at least ${MIN_PART} characters.`}
            minLength={MIN_PART}
            value={values.q}
            onChange={(value) => set('q', value)}
          />
        </div>
        <FilterInput label={t`Family name`} value={values.familyName} onChange={(value) => set('familyName', value)} />
        <FilterInput label={t`E-mail`} value={values.email} onChange={(value) => set('email', value)} />
        <FilterInput label={t`Login ID`} value={values.loginId} onChange={(value) => set('loginId', value)} />
        <Select label={t`State`} value={values.state} onChange={(event) => set('state', event.target.value)}>
          <option value="">{t`Any`}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {{ active: t`Active`, disabled: t`Disabled`, archived: t`Archived` }[state]}
            </option>
          ))}
        </Select>
        <Select label={t`Kind`} value={values.technical} onChange={(event) => set('technical', event.target.value)}>
          <option value="">{t`Any`}</option>
          <option value="false">{t`People`}</option>
          <option value="true">{t`Technical users`}</option>
        </Select>
        {isFiltered && (
          <Button variant="quiet" onClick={clear}>
            <Trans>Clear filters</Trans>
          </Button>
        )}
      </search>
      <p className={styles['hint']}>
        <Trans>Of the family name, e-mail and login ID, the beginning is enough.</Trans>
      </p>
      <DataTable
        caption={t`Users`}
        columns={columns}
        pages={pages}
        keyOf={({ extId }) => extId}
        linkOf={({ extId }) => userPath(client, extId)}
        empty={
          isFiltered ? (
            <EmptyState
              title={<Trans>No user matches these filters</Trans>}
              action={
                <Button onClick={clear}>
                  <Trans>Show all users</Trans>
                </Button>
              }
            >
              <Trans>Use fewer filters, or a shorter part of the name.</Trans>
            </EmptyState>
          ) : (
            <EmptyState title={<Trans>There are no users yet</Trans>} action={createButton}>
              <Trans>Certificates belong to users. Create the first one, then add a certificate.</Trans>
            </EmptyState>
          )
        }
      />
      {search.get('create') === 'user' && (
        <CreateUserDialog
          clientExtId={client}
          onClose={() => setSearch((before) => withMember(before, 'create', undefined), { replace: true })}
        />
      )}
    </>
  );
}

function useColumns(): readonly Column<UserResource>[] {
  const { t } = useLingui();
  return useMemo(
    () => [
      { id: 'name', label: t`Name`, cell: (user) => <CertificateText text={nameOf(user)} plain /> },
      { id: 'loginId', label: t`Login ID`, cell: ({ loginId }) => <CertificateText text={loginId} /> },
      {
        id: 'email',
        label: t`E-mail`,
        cell: ({ contacts }) => (contacts?.email === undefined ? '–' : <CertificateText text={contacts.email} />),
      },
      {
        id: 'state',
        label: t`State`,
        cell: ({ userState, isTechnicalUser }) => (
          <span className={styles['badges']}>
            <StateBadge state={userState} />
            {isTechnicalUser && (
              <Badge>
                <Trans>Technical</Trans>
              </Badge>
            )}
          </span>
        ),
      },
      { id: 'changed', label: t`Changed`, cell: ({ lastModified }) => <Instant value={lastModified} /> },
    ],
    [t],
  );
}

function withMember(before: URLSearchParams, name: string, value: string | undefined): URLSearchParams {
  const after = new URLSearchParams(before);
  if (value === undefined) after.delete(name);
  else after.set(name, value);
  return after;
}

function pageOf(page: string | undefined): NonNullable<ListUsersData['query']> {
  return { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
}

function queryOf({ q, state, familyName, email, loginId, technical }: Filters): NonNullable<ListUsersData['query']> {
  return {
    ...(q === '' ? {} : { q }),
    ...(state === '' ? {} : { userState: state as UserState }),
    ...(familyName === '' ? {} : { 'name.familyName': beginning(familyName) }),
    ...(email === '' ? {} : { 'contacts.email': beginning(email) }),
    ...(loginId === '' ? {} : { loginId: beginning(loginId) }),
    ...(technical === '' ? {} : { isTechnicalUser: technical === 'true' }),
  };
}

/** The filter for a beginning, in which an asterisk is an asterisk (contract 8.3). */
function beginning(text: string): string {
  return `${text.replaceAll(/[\\*]/g, String.raw`\$&`)}*`;
}
