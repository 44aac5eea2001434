import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useId, useState } from 'react';

import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { TextInput } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { type HeldToken, heldToken } from './held-token.js';
import { LoginProblem, NoPassword } from './login-problem.js';
import { useMe } from './me.js';
import { useMyPassword } from './queries.js';
import { useLogin } from './use-login.js';
import { useSubmit } from './use-submit.js';

import styles from './my.module.css';

interface PasswordDialogProps {
  /** Whether the password was asked for before, and is asked for again. */
  readonly hasExpired: boolean;
  readonly onToken: (token: HeldToken) => void;
  readonly onClose: () => void;
}

export function PasswordDialog({ hasExpired, onToken, onClose }: PasswordDialogProps) {
  const { t } = useLingui();
  const { loginId } = useMe();
  const formId = useId();
  const [password, setPassword] = useState('');
  const stored = useMyPassword({ refetchOnMount: 'always' });
  const logIn = useLogin();
  const { submit, isPending, error, forget } = useSubmit(async () => {
    onToken(heldToken(await logIn(password), performance.now()));
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };
  const canAsk = stored.data !== null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={<Trans>Enter your password</Trans>}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          {canAsk && (
            <Button variant="primary" type="submit" form={formId} pending={isPending} disabled={password === ''}>
              <Trans>Confirm</Trans>
            </Button>
          )}
        </>
      }
    >
      {stored.isPending ? (
        <Loading />
      ) : canAsk ? (
        <form id={formId} className={styles['form']} onSubmit={send}>
          <p>
            {hasExpired ? (
              <Trans>It has been a while since you entered your password. Enter it again to go on.</Trans>
            ) : (
              <Trans>This protects your certificates from somebody else who uses your device.</Trans>
            )}
          </p>
          {/* Password managers look for the name that the password belongs to. */}
          <input
            className="visually-hidden"
            autoComplete="username"
            value={loginId}
            readOnly
            tabIndex={-1}
            aria-hidden
          />
          <TextInput
            label={t`Password`}
            type="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
              forget();
            }}
          />
          <LoginProblem error={error} password={(stored.isFetchedAfterMount && stored.data) || undefined} />
        </form>
      ) : (
        <NoPassword />
      )}
    </Dialog>
  );
}
