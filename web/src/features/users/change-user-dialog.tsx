import { Trans } from '@lingui/react/macro';
import { useId, useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { getUser, listUserHistory, updateUser } from '../../api/generated/sdk.gen.js';
import type { AuditEventResource, UserResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { useRights } from '../../session/use-rights.js';
import { useMemberNames } from './member-names.js';
import { Merge } from './merge.js';
import { useSubmit } from './use-submit.js';
import { UserFields } from './user-fields.js';
import { formOf, type UserForm, updateBodyOf, USER_MEMBERS } from './user-form.rules.js';

import styles from './users.module.css';

interface ChangeUserDialogProps {
  /** As it was read when the dialog opened. */
  readonly user: UserResource;
  readonly onClose: () => void;
  readonly onChanged: (user: UserResource) => void;
}

interface Conflict {
  readonly theirs: UserResource;
  readonly events: readonly AuditEventResource[];
}

export function ChangeUserDialog({ user, onClose, onChanged }: ChangeUserDialogProps) {
  const { has } = useRights();
  const formId = useId();
  const memberNames = useMemberNames();
  const [before] = useState(() => ({ form: formOf(user), version: user.version }));
  // The comment is on one change; the comment on the last one is no start of it.
  const [form, setForm] = useState<UserForm>({ ...before.form, modificationComment: '' });
  const [conflict, setConflict] = useState<Conflict>();
  const path = { clientExtId: user.clientExtId, userExtId: user.extId };

  const { submit, pending, error } = useSubmit(
    async ({ from, to, version }: { readonly from: UserForm; readonly to: UserForm; readonly version: number }) => {
      try {
        return await call(updateUser({ path, body: { ...updateBodyOf(from, to), version } }));
      } catch (failure) {
        if (failure instanceof ApiError && failure.status === 409) {
          const theirs = await call(getUser({ path }));
          const { items } = await call(listUserHistory({ path, query: { limit: 100 } }));
          setForm(to);
          setConflict({ theirs, events: items.filter((event) => (event.version ?? 0) > before.version) });
        }
        throw failure;
      }
    },
    onChanged,
  );
  if (conflict !== undefined) {
    const theirs = { ...formOf(conflict.theirs), modificationComment: '' };
    return (
      <Dialog open onClose={onClose} title={<Trans>Merge the changes</Trans>}>
        {error !== null && !isConflict(error) && <ErrorNotice error={error} />}
        <Merge
          key={conflict.theirs.version}
          members={USER_MEMBERS}
          labelOf={(member) => memberNames[member]}
          before={{ ...before.form, modificationComment: '' }}
          theirs={theirs}
          mine={form}
          events={conflict.events}
          pending={pending}
          onSave={(merged) => submit({ from: formOf(conflict.theirs), to: merged, version: conflict.theirs.version })}
          onDiscard={() => onChanged(conflict.theirs)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={<Trans>Change the user</Trans>}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={pending}>
            <Trans>Save</Trans>
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          submit({ from: before.form, to: form, version: before.version });
        }}
      >
        {error !== null && <ErrorNotice error={error} />}
        <UserFields
          form={form}
          onChange={(member, value) => setForm((former) => ({ ...former, [member]: value }))}
          error={error}
          loginIdDisabled={!has('LoginIdOverride')}
          loginIdHelp={
            has('LoginIdOverride') ? undefined : <Trans>You need the right LoginIdOverride to change it.</Trans>
          }
        />
      </form>
    </Dialog>
  );
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}
