import { Trans } from '@lingui/react/macro';

import { LinkButton } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Instant } from '../../components/instant.js';
import { DescriptionList, Section } from '../../components/page.js';
import { LoginProblem, NoPassword } from './login-problem.js';
import { useMe } from './me.js';
import { useMyPassword } from './queries.js';

import styles from './my.module.css';

/** Who the user is here, and their password. */
export function MyRecord() {
  const { fullName, email, loginId, clientName } = useMe();
  const password = useMyPassword();
  return (
    <>
      <Section
        title={<Trans>My details</Trans>}
        actions={
          <LinkButton to="/my/details">
            <Trans>Change my details</Trans>
          </LinkButton>
        }
      >
        <DescriptionList
          entries={[
            [<Trans>Name</Trans>, fullName],
            [<Trans>E-mail</Trans>, email],
            [<Trans>User name</Trans>, loginId],
            [<Trans>Organization</Trans>, clientName],
          ]}
        />
      </Section>
      <Section
        title={<Trans>My password</Trans>}
        actions={
          password.data && (
            <LinkButton to="/my/password">
              <Trans>Change my password</Trans>
            </LinkButton>
          )
        }
      >
        <div className={styles['stack']}>
          <LoginProblem error={undefined} password={password.data ?? undefined} />
          {password.error !== null ? (
            <ErrorNotice error={password.error} onRetry={() => void password.refetch()} />
          ) : password.data === null ? (
            <NoPassword />
          ) : (
            password.data !== undefined && (
              <p>
                <Trans>
                  Last changed: <Instant value={password.data.lastModified} dateOnly />. You need it to change your
                  certificates.
                </Trans>
              </p>
            )
          )}
        </div>
      </Section>
    </>
  );
}
