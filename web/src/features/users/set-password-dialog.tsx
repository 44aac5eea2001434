import { Trans, useLingui } from '@lingui/react/macro';
import { type FormEvent, useId, useState } from 'react';

import { call } from '../../api/client.js';
import { createPassword, updatePassword } from '../../api/generated/sdk.gen.js';
import type { PasswordResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CopyButton } from '../../components/copy-button.js';
import { Dialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Checkbox, TextInput } from '../../components/field.js';
import { generatedPassword } from './generated-password.js';
import { PolicySelect } from './policy-select.js';
import { type PasswordKey, usePasswordRefresh } from './use-password.js';
import { useSubmit } from './use-submit.js';

import styles from './users.module.css';

interface SetPasswordDialogProps {
  readonly path: PasswordKey;
  /** Null: the user gets the first one. */
  readonly password: PasswordResource | null;
  readonly onClose: () => void;
}

const MAX_PASSWORD = 1000;
const MAX_COMMENT = 1000;

export function SetPasswordDialog({ path, password, onClose }: SetPasswordDialogProps) {
  const { t } = useLingui();
  const formId = useId();
  const refresh = usePasswordRefresh(path);
  const [value, setValue] = useState('');
  const [isShown, setShown] = useState(false);
  const [policy, setPolicy] = useState('');
  const [comment, setComment] = useState('');
  const [isUnlocked, setUnlocked] = useState(true);
  const canUnlock = password !== null && isLocked(password);
  const { submit, pending, error } = useSubmit(async (): Promise<void> => {
    try {
      if (password === null) {
        await call(
          createPassword({
            path: { ...path },
            body: { password: value, ...(policy === '' ? {} : { policyExtId: policy }) },
          }),
        );
        return;
      }
      const modificationComment = comment.trim();
      const body = {
        password: value,
        version: password.version,
        ...(canUnlock && isUnlocked ? { stateName: 'active' as const } : {}),
        ...(modificationComment === '' ? {} : { modificationComment }),
      };
      await call(updatePassword({ path: { ...path }, body }));
    } finally {
      // Also after a refusal: somebody else may have changed it.
      await refresh();
    }
  }, onClose);
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit(undefined);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={password === null ? <Trans>Set a password</Trans> : <Trans>Set a new password</Trans>}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={pending}>
            <Trans>Set the password</Trans>
          </Button>
        </>
      }
    >
      <form id={formId} className={styles['form']} onSubmit={send}>
        <p>
          {password === null ? (
            <Trans>With a password, the user can log in and change their own certificates.</Trans>
          ) : (
            <Trans>The former password ends at once. Whoever has logged in with it has to log in again.</Trans>
          )}
        </p>
        {error !== null && <ErrorNotice error={error} />}
        <TextInput
          label={t`Password`}
          help={t`It cannot be read again once it is set. Give it to the user before you close this.`}
          type={isShown ? 'text' : 'password'}
          autoComplete="new-password"
          spellCheck={false}
          required
          maxLength={MAX_PASSWORD}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <div className={styles['row']}>
          <Button
            onClick={() => {
              setValue(generatedPassword());
              setShown(true);
            }}
          >
            <Trans>Suggest one</Trans>
          </Button>
          {value !== '' && (
            <>
              <Button variant="quiet" onClick={() => setShown(!isShown)}>
                {isShown ? <Trans>Hide it</Trans> : <Trans>Show it</Trans>}
              </Button>
              <CopyButton text={value} what={t`the password`} />
            </>
          )}
        </div>
        {password === null && (
          <PolicySelect
            clientExtId={path.clientExtId}
            policyType="PwdPolicy"
            help={<Trans>Its rules decide which passwords are accepted, and when they are locked.</Trans>}
            value={policy}
            onChange={setPolicy}
          />
        )}
        {canUnlock && (
          <Checkbox
            label={t`Unlock it, too`}
            help={t`A new password alone does not end the lock.`}
            checked={isUnlocked}
            onChange={(event) => setUnlocked(event.target.checked)}
          />
        )}
        {password !== null && (
          <TextInput
            label={t`Comment`}
            help={t`Why: it is shown at the password and in the audit log.`}
            maxLength={MAX_COMMENT}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </form>
    </Dialog>
  );
}

function isLocked({ stateName }: PasswordResource): boolean {
  return stateName === 'tmp-locked' || stateName === 'fail-locked';
}
