import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { call } from '../../api/client.js';
import { deletePassword, updatePassword } from '../../api/generated/sdk.gen.js';
import type { PasswordResource } from '../../api/generated/types.gen.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { TextArea } from '../../components/field.js';
import type { PasswordAction } from './password-actions.js';
import { type PasswordKey, usePasswordRefresh } from './use-password.js';
import { useSubmit } from './use-submit.js';

interface PasswordActionDialogProps {
  readonly path: PasswordKey;
  readonly password: PasswordResource;
  readonly action: PasswordAction;
  readonly onClose: () => void;
}

const MAX_COMMENT = 1000;

/** Asks once more, and sends the version that the page shows. */
export function PasswordActionDialog({ path, password, action, onClose }: PasswordActionDialogProps) {
  const { t, i18n } = useLingui();
  const refresh = usePasswordRefresh(path);
  const [comment, setComment] = useState('');
  const { id, to, label, question, consequence } = action;
  const { version } = password;
  const { submit, pending, error } = useSubmit(async (): Promise<void> => {
    const modificationComment = comment.trim();
    try {
      if (to === undefined) await call(deletePassword({ path: { ...path }, headers: { 'If-Match': `"${version}"` } }));
      else {
        const body = { stateName: to, version, ...(modificationComment === '' ? {} : { modificationComment }) };
        await call(updatePassword({ path: { ...path }, body }));
      }
    } finally {
      // Also after a refusal: somebody else may have changed it.
      await refresh();
    }
  }, onClose);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={i18n._(question)}
      consequence={i18n._(consequence)}
      confirm={i18n._(label)}
      variant={id === 'enable' || id === 'unlock' ? 'primary' : 'danger'}
      pending={pending}
      error={error}
      onConfirm={() => submit(undefined)}
    >
      {to !== undefined && (
        <TextArea
          label={t`Comment`}
          help={t`Why: it is shown at the password and in the audit log.`}
          maxLength={MAX_COMMENT}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      )}
    </ConfirmDialog>
  );
}
