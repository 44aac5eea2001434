import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { updatePassword } from '../../api/generated/sdk.gen.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextInput } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { BackLink } from './back-link.js';
import { ChangeProblem } from './change-problem.js';
import { Done } from './done.js';
import { LoginProblem, NoPassword } from './login-problem.js';
import { useMe } from './me.js';
import { useConfirmation } from './password-confirmation.js';
import { PasswordProblems } from './password-problems.js';
import { useMyPassword, useReadAgain } from './queries.js';
import { useLogin } from './use-login.js';
import { useSubmit } from './use-submit.js';

import styles from './my.module.css';

export function PasswordPage() {
  const { t } = useLingui();
  const { data, error, refetch } = useMyPassword();
  const [isDone, setDone] = useState(false);
  return (
    <div className={styles['page']}>
      <PageHeader title={t`Change my password`} above={<BackLink />} />
      {isDone ? (
        <Done title={<Trans>Your password is changed</Trans>}>
          <Trans>Use the new one from now on.</Trans>
        </Done>
      ) : data === null ? (
        <NoPassword />
      ) : data !== undefined ? (
        <PasswordForm onDone={() => setDone(true)} />
      ) : error === null ? (
        <Loading />
      ) : (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </div>
  );
}

const EMPTY = { current: '', next: '', again: '' };

function PasswordForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useLingui();
  const { loginId, path } = useMe();
  const { data: stored } = useMyPassword();
  const { forget: forgetToken } = useConfirmation();
  const readAgain = useReadAgain();
  const logIn = useLogin();
  const [{ current, next, again }, setValues] = useState(EMPTY);
  const [isRepeatWrong, setRepeatWrong] = useState(false);
  const [isLoginProblem, setLoginProblem] = useState(false);
  const { submit, isPending, error, forget } = useSubmit(async () => {
    setLoginProblem(true);
    const { access_token: xToken } = await logIn(current);
    setLoginProblem(false);
    const body = { password: next, ...(stored ? { version: stored.version } : {}) };
    try {
      await call(updatePassword({ path, body, headers: { 'X-Token': xToken } }));
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.status === 409) await readAgain();
      throw refusal;
    }
    forgetToken();
    onDone();
    void readAgain();
  });
  const change = (name: keyof typeof EMPTY) => ({
    value: { current, next, again }[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) => {
      setValues((before) => ({ ...before, [name]: target.value }));
      setRepeatWrong(false);
      forget();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    setRepeatWrong(next !== again);
    if (next === again) submit();
  };
  return (
    <form className={styles['stack']} onSubmit={send}>
      <input className="visually-hidden" autoComplete="username" value={loginId} readOnly tabIndex={-1} aria-hidden />
      <TextInput
        label={t`Current password`}
        type="password"
        autoComplete="current-password"
        required
        {...change('current')}
      />
      <TextInput label={t`New password`} type="password" autoComplete="new-password" required {...change('next')} />
      <TextInput
        label={t`New password again`}
        type="password"
        autoComplete="new-password"
        required
        error={isRepeatWrong ? t`The two new passwords are not the same.` : undefined}
        {...change('again')}
      />
      <div className={styles['actions']}>
        <Button type="submit" variant="primary" pending={isPending}>
          <Trans>Change my password</Trans>
        </Button>
      </div>
      <LoginProblem error={isLoginProblem ? error : undefined} password={stored ?? undefined} />
      {!isLoginProblem && <Refusal error={error} />}
    </form>
  );
}

function Refusal({ error }: { readonly error: unknown }) {
  if (error instanceof ApiError && error.has('errors.pwdPolicyViolated')) return <PasswordProblems error={error} />;
  return <ChangeProblem error={error} />;
}
