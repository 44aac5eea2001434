import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { Button, LinkButton } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { CertificateCard } from './certificate-card.js';
import { byUse } from './certificate-state.js';
import { shownName } from './distinguished-name.js';
import { FocusedNotice } from './focused-notice.js';
import { MyRecord } from './my-record.js';
import { type MyCertificate, useMyCertificates } from './queries.js';

import styles from './my.module.css';

export function CertificatesPage() {
  const { t } = useLingui();
  const pages = useMyCertificates();
  const [hasDeleted, setDeleted] = useState(false);
  const { rows } = pages;
  const isEmpty = rows.length === 0 && !pages.hasPrevious;
  return (
    <>
      <PageHeader
        title={t`My certificates`}
        actions={
          !isEmpty && (
            <LinkButton to="/my/add">
              <Trans>Add a certificate</Trans>
            </LinkButton>
          )
        }
      />
      {hasDeleted && (
        <FocusedNotice tone="ok">
          <Trans>The certificate is deleted.</Trans>
        </FocusedNotice>
      )}
      {pages.isLoading ? (
        <Loading />
      ) : pages.error !== null ? (
        <ErrorNotice error={pages.error} onRetry={pages.retry} />
      ) : isEmpty ? (
        <NoCertificates />
      ) : (
        <ul className={styles['cards']}>
          {rows.toSorted(byUse(Date.now())).map((certificate) => (
            <li key={certificate.extId}>
              <CertificateCard
                certificate={certificate}
                hasNamesake={rows.some((other) => isNamesake(other, certificate))}
                onDeleted={() => setDeleted(true)}
              />
            </li>
          ))}
        </ul>
      )}
      {pages.hasNext && (
        <Button pending={pages.isFetching} onClick={pages.next}>
          <Trans>More certificates</Trans>
        </Button>
      )}
      <MyRecord />
    </>
  );
}

/** Most people have several certificates with their own name. */
function isNamesake(one: MyCertificate, other: MyCertificate): boolean {
  return one.extId !== other.extId && shownName(one.subjectDN) === shownName(other.subjectDN);
}

function NoCertificates() {
  return (
    <EmptyState
      title={<Trans>You have no certificate here yet</Trans>}
      action={
        <LinkButton variant="primary" to="/my/add">
          <Trans>Add your first certificate</Trans>
        </LinkButton>
      }
    >
      <Trans>With a certificate you can sign in without a password. Have the file ready that you were given.</Trans>
    </EmptyState>
  );
}
