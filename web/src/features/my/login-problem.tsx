import { Plural, Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import { ApiError } from '../../api/api-error.js';
import type { PasswordResource } from '../../api/generated/types.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Notice } from './notice.js';

interface LoginProblemProps {
  /** Of the last attempt. */
  readonly error: unknown;
  readonly password: PasswordResource | undefined;
}

/** Why the password was not taken, or cannot be taken now. The server's answer does not say which; the state does. */
export function LoginProblem({ error, password }: LoginProblemProps) {
  const lock = lockText(password);
  if (lock !== undefined) return <Notice tone="danger">{lock}</Notice>;
  if (error === undefined) return null;
  if (error instanceof ApiError && error.has('errors.invalidCredentials')) {
    return (
      <Notice tone="danger">
        <Trans>This password is wrong. Try again.</Trans>
      </Notice>
    );
  }
  if (error instanceof ApiError && error.status === 429) {
    return (
      <Notice tone="danger">
        <Plural
          value={error.retryAfter ?? 1}
          one="Too many attempts. Try again in # second."
          other="Too many attempts. Try again in # seconds."
        />
      </Notice>
    );
  }
  return <ErrorNotice error={error} />;
}

function lockText(password: PasswordResource | undefined): ReactNode {
  switch (password?.stateName) {
    case 'tmp-locked':
      return (
        <Trans>Your password is locked for a short time after wrong attempts. Wait a moment, then try again.</Trans>
      );
    case 'fail-locked':
      return <Trans>Your password is locked after too many wrong attempts. Only an administrator can unlock it.</Trans>;
    case 'disabled':
    case 'archived':
      return <Trans>Your password is switched off. Ask your administrator.</Trans>;
    case 'reset-code':
      return <Trans>Your password is being reset. Ask your administrator.</Trans>;
    default:
      return undefined;
  }
}

export function NoPassword() {
  return (
    <p>
      <Trans>
        You have no password here yet, and a change of your certificates needs one. Ask your administrator to set it.
      </Trans>
    </p>
  );
}
