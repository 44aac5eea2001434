import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';

import { call } from '../../api/client.js';
import { listUserCredentials } from '../../api/generated/sdk.gen.js';
import type { UserCredentialResource, UserResource } from '../../api/generated/types.gen.js';
import { Button, LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Expiry, Instant } from '../../components/instant.js';
import { EmptyState, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { PAGE_ROWS, useMorePages } from '../../components/use-more-pages.js';
import { useRights } from '../../session/use-rights.js';
import { certificatePath, userPath } from './paths.js';

import styles from './users.module.css';

export function UserCredentials({ user: { clientExtId, extId, userState } }: { readonly user: UserResource }) {
  const { t } = useLingui();
  const { missing, has } = useRights();
  const pages = useMorePages(['credentials', clientExtId, extId], async (page, signal) => {
    const query = { limit: PAGE_ROWS, ...(page === undefined ? {} : { continuationToken: page }) };
    const { items, _pagination } = await call(
      listUserCredentials({ path: { clientExtId, userExtId: extId }, query, signal }),
    );
    return { items, next: _pagination.continuationToken };
  });
  const toAdd = missing('CredentialCreate');
  const add =
    toAdd === undefined && userState !== 'archived' ? (
      <LinkButton variant="primary" to={`${userPath(clientExtId, extId)}/upload`}>
        <Trans>Add a certificate</Trans>
      </LinkButton>
    ) : (
      <Button variant="primary" missingRight={toAdd} disabled>
        <Trans>Add a certificate</Trans>
      </Button>
    );
  const columns: readonly Column<UserCredentialResource>[] = [
    {
      id: 'name',
      label: t`Credential`,
      cell: (credential) =>
        credential.type === 'Certificate' ? (
          <span className={styles['named']}>
            <Link to={certificatePath(clientExtId, extId, credential.extId)}>
              <CertificateText text={credential.subjectDN ?? credential.extId} />
            </Link>
            <small className={styles['quiet']}>
              <CertificateText text={credential.extId} />
            </small>
          </span>
        ) : (
          t`Password`
        ),
    },
    {
      id: 'state',
      label: t`State`,
      cell: ({ stateName }) => <StateBadge state={stateName} />,
    },
    {
      id: 'expires',
      label: t`Validity`,
      cell: ({ validity }) => (validity.to === undefined ? '–' : <Expiry value={validity.to} />),
    },
    {
      id: 'used',
      label: t`Last used`,
      cell: ({ lastSuccessfulLoginDate: used }) => (used === undefined ? t`Never` : <Instant value={used} />),
    },
    {
      id: 'replace',
      label: t`Action`,
      cell: (credential) =>
        credential.type === 'Certificate' && credential.stateName !== 'archived' && has('CredentialModify') ? (
          <Link to={`${certificatePath(clientExtId, extId, credential.extId)}/replace`}>
            <Trans>Replace</Trans>
          </Link>
        ) : (
          '–'
        ),
    },
  ];
  if (missing('CredentialView') !== undefined) {
    return (
      <p className={styles['quiet']}>
        <Trans>You need the right CredentialView to see the credentials.</Trans>
      </p>
    );
  }
  return (
    <Section title={<Trans>Credentials</Trans>} actions={add}>
      <DataTable
        caption={t`Credentials`}
        columns={columns}
        pages={pages}
        keyOf={({ type, extId: id }) => `${type} ${id}`}
        empty={
          <EmptyState title={<Trans>This user has no credentials yet</Trans>}>
            <Trans>Add a certificate, and the user can log in with it.</Trans>
          </EmptyState>
        }
      />
    </Section>
  );
}
