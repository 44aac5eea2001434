import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useNavigate } from 'react-router';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { createUser, getUser } from '../../api/generated/sdk.gen.js';
import type { UserResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { Dialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Checkbox, TextInput } from '../../components/field.js';
import { useRights } from '../../session/use-rights.js';
import { userPath } from './paths.js';
import { useSubmit } from './use-submit.js';
import { messageOf, UserFields } from './user-fields.js';
import { createBodyOf, EMPTY_FORM } from './user-form.rules.js';

import styles from './users.module.css';

interface CreateUserDialogProps {
  readonly clientExtId: string;
  readonly onClose: () => void;
}

export function CreateUserDialog({ clientExtId, onClose }: CreateUserDialogProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { has } = useRights();
  const formId = useId();
  const [form, setForm] = useState(EMPTY_FORM);
  const [extId, setExtId] = useState('');
  const [isTechnicalUser, setTechnical] = useState(false);
  // Chosen here, so that an attempt after a lost answer cannot create a second user.
  const [generatedExtId] = useState(() => crypto.randomUUID());
  const [wasUnanswered, setUnanswered] = useState(false);

  const { submit, pending, error } = useSubmit(
    async (): Promise<UserResource> => {
      const id = extId === '' ? generatedExtId : extId;
      try {
        const body = { ...createBodyOf(form), extId: id, ...(isTechnicalUser ? { isTechnicalUser } : {}) };
        return await call(createUser({ path: { clientExtId }, body }));
      } catch (failure) {
        if (failure instanceof ApiError && failure.status === 0) setUnanswered(true);
        const isOwn =
          wasUnanswered && extId === '' && failure instanceof ApiError && failure.has('errors.duplicateValue');
        if (!isOwn) throw failure;
        return await call(getUser({ path: { clientExtId, userExtId: id } }));
      }
    },
    ({ extId: created }) => {
      void queries.invalidateQueries({ queryKey: ['users', clientExtId] });
      void navigate(userPath(clientExtId, created), { replace: true });
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={<Trans>Create a user</Trans>}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={pending}>
            <Trans>Create</Trans>
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          submit(undefined);
        }}
      >
        {error !== null && <ErrorNotice error={error} />}
        <UserFields
          form={form}
          onChange={(member, value) => setForm((before) => ({ ...before, [member]: value }))}
          error={error}
          loginIdDisabled={!has('LoginIdOverride')}
          loginIdHelp={
            has('LoginIdOverride') ? (
              <Trans>Generated if it is empty</Trans>
            ) : (
              <Trans>Generated. You need the right LoginIdOverride to choose it.</Trans>
            )
          }
        />
        <TextInput
          label={<Trans>ID</Trans>}
          help={<Trans>Generated if it is empty. It cannot be changed later.</Trans>}
          error={messageOf(error, 'extId')}
          value={extId}
          maxLength={50}
          onChange={(event) => setExtId(event.target.value)}
        />
        <Checkbox
          label={<Trans>This user is an application (technical user)</Trans>}
          help={has('UserCreateTechUser') ? undefined : <Trans>You need the right UserCreateTechUser for this.</Trans>}
          disabled={!has('UserCreateTechUser')}
          checked={isTechnicalUser}
          onChange={(event) => setTechnical(event.target.checked)}
        />
      </form>
    </Dialog>
  );
}
