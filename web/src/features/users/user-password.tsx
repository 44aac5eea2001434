import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { Link } from 'react-router';

import type { PasswordResource, UserResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Expiry, Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { DescriptionList, EmptyState, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { useRights } from '../../session/use-rights.js';
import { StateReason } from '../words/state-reason.js';
import { PasswordActionDialog } from './password-action-dialog.js';
import { type PasswordAction, passwordActions } from './password-actions.js';
import { SetPasswordDialog } from './set-password-dialog.js';
import { usePassword } from './use-password.js';

/** The password of a user, which nobody can read: its state, and what an administrator can do with it. */
export function UserPassword({ user: { clientExtId, extId, userState } }: { readonly user: UserResource }) {
  const { i18n } = useLingui();
  const { has, missing } = useRights();
  const [opened, setOpened] = useState<'set' | PasswordAction>();
  const path = { clientExtId, userExtId: extId };
  const { data: password, error, refetch } = usePassword(path, has('CredentialView'));
  if (missing('CredentialView') !== undefined) return null;
  const close = () => setOpened(undefined);
  const toSet = missing(password === null ? 'CredentialCreate' : 'CredentialModify');
  const set = (
    <Button missingRight={toSet} disabled={userState === 'archived'} onClick={() => setOpened('set')}>
      {password === null ? <Trans>Set a password</Trans> : <Trans>Set a new password</Trans>}
    </Button>
  );
  return (
    <Section
      title={<Trans>Password</Trans>}
      actions={
        password && (
          <>
            {set}
            {passwordActions(password.stateName).map((action) => (
              <Button
                key={action.id}
                aria-label={i18n._(action.longLabel)}
                missingRight={missing(action.to === undefined ? 'CredentialDelete' : 'CredentialModify')}
                onClick={() => setOpened(action)}
              >
                {i18n._(action.label)}
              </Button>
            ))}
          </>
        )
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {password === undefined && error === null && <Loading />}
      {password === null && (
        <EmptyState title={<Trans>This user has no password</Trans>} action={set}>
          <Trans>With a password, the user can log in and change their own certificates.</Trans>
        </EmptyState>
      )}
      {password && <Description password={password} />}
      {opened === 'set' && password !== undefined && (
        <SetPasswordDialog path={path} password={password} onClose={close} />
      )}
      {typeof opened === 'object' && password && (
        <PasswordActionDialog path={path} password={password} action={opened} onClose={close} />
      )}
    </Section>
  );
}

function Description({ password }: { readonly password: PasswordResource }) {
  const { t, i18n } = useLingui();
  const { has } = useRights();
  const { stateName, stateChangeReason, validity, policyExtId, modificationComment, lastModified } = password;
  const { lastSuccessfulLoginDate: used, lastFailedLoginDate: failed, failedLoginCount, userExtId } = password;
  const events = new URLSearchParams({ kind: 'password', userExtId });
  return (
    <>
      <DescriptionList
        entries={[
          [t`State`, <StateBadge state={stateName} />],
          [t`Reason`, <StateReason reason={stateChangeReason} />],
          [t`Comment`, modificationComment === undefined ? undefined : <CertificateText text={modificationComment} />],
          [t`Validity`, validity.to === undefined ? undefined : <Expiry value={validity.to} />],
          [t`Last used`, used === undefined ? t`Never` : <Instant value={used} />],
          [
            t`Failed logins since then`,
            failed === undefined ? (
              i18n.number(failedLoginCount)
            ) : (
              <Trans>
                {i18n.number(failedLoginCount)}, last <Instant value={failed} />
              </Trans>
            ),
          ],
          [
            t`Policy`,
            <Link to={`../policies/${encodeURIComponent(policyExtId)}`}>
              <CertificateText text={policyExtId} plain />
            </Link>,
          ],
          [t`Changed`, <Instant value={lastModified} />],
        ]}
      />
      {has('HistoryView') && (
        <p>
          <Link to={`../audit?${events.toString()}`}>
            <Trans>What happened to it, in the audit log</Trans>
          </Link>
        </p>
      )}
    </>
  );
}
