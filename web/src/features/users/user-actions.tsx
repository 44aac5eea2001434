import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';

import { call } from '../../api/client.js';
import { archiveUser, deleteUser, updateUser } from '../../api/generated/sdk.gen.js';
import type { UserResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { useRights } from '../../session/use-rights.js';
import { useSubmit } from './use-submit.js';
import { nameOf } from './user-name.js';

type Action = 'disable' | 'enable' | 'archive' | 'delete';

interface UserActionsProps {
  readonly user: UserResource;
  readonly onEdit: () => void;
  /** Ends when the page shows the user as they are now. */
  readonly onChanged: () => Promise<unknown>;
}

export function UserActions({ user, onEdit, onChanged }: UserActionsProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { missing } = useRights();
  const [asked, setAsked] = useState<Action>();
  const { isTechnicalUser, userState } = user;
  const toModify = missing('UserModify') ?? (isTechnicalUser ? missing('UserModifyTechUser') : undefined);
  const toArchive = missing('UserArchive') ?? (isTechnicalUser ? missing('UserArchiveTechUser') : undefined);
  const isArchived = userState === 'archived';
  return (
    <>
      <Button missingRight={toModify} disabled={isArchived} onClick={onEdit}>
        <Trans>Change</Trans>
      </Button>
      {userState === 'disabled' ? (
        <Button missingRight={toModify} onClick={() => setAsked('enable')}>
          <Trans>Enable</Trans>
        </Button>
      ) : (
        <Button missingRight={toModify} disabled={isArchived} onClick={() => setAsked('disable')}>
          <Trans>Disable</Trans>
        </Button>
      )}
      {!isArchived && (
        <Button missingRight={toArchive} onClick={() => setAsked('archive')}>
          <Trans>Archive</Trans>
        </Button>
      )}
      <Button missingRight={missing('UserDelete')} onClick={() => setAsked('delete')}>
        <Trans>Delete</Trans>
      </Button>
      {asked !== undefined && (
        <ActionDialog
          action={asked}
          user={user}
          onClose={() => {
            setAsked(undefined);
            // An attempt may have been refused because somebody else has changed the user.
            void onChanged();
          }}
          onDone={() => {
            setAsked(undefined);
            if (asked === 'delete') {
              void queries.invalidateQueries({ queryKey: ['users', user.clientExtId] });
              void navigate(`/console/${encodeURIComponent(user.clientExtId)}/users`, { replace: true });
            }
          }}
          onChanged={onChanged}
        />
      )}
    </>
  );
}

interface ActionDialogProps {
  readonly action: Action;
  readonly user: UserResource;
  readonly onClose: () => void;
  readonly onDone: () => void;
  readonly onChanged: () => Promise<unknown>;
}

function ActionDialog({ action, user, onClose, onDone, onChanged }: ActionDialogProps) {
  const { clientExtId, extId, version } = user;
  const path = { clientExtId, userExtId: extId };
  const headers = { 'If-Match': `"${version}"` };
  const send = async (): Promise<void> => {
    switch (action) {
      case 'disable':
        await call(updateUser({ path, body: { userState: 'disabled', version } }));
        break;
      case 'enable':
        await call(updateUser({ path, body: { userState: 'active', version } }));
        break;
      case 'archive':
        await call(archiveUser({ path, headers }));
        break;
      case 'delete':
        await call(deleteUser({ path, headers }));
        return;
    }
  };
  const { submit, pending, error } = useSubmit(async (): Promise<void> => {
    try {
      await send();
    } catch (failure) {
      // The dialog tells who has changed the user; the next attempt names the version that they have made.
      await onChanged();
      throw failure;
    }
    // The next action names the version that this one has made.
    if (action !== 'delete') await onChanged();
  }, onDone);
  const { title, consequence, confirm } = textsOf(<CertificateText text={nameOf(user)} />)[action];
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={title}
      consequence={consequence}
      confirm={confirm}
      variant={action === 'enable' ? 'primary' : 'danger'}
      pending={pending}
      error={error}
      onConfirm={() => submit(undefined)}
    />
  );
}

interface ActionTexts {
  readonly title: ReactNode;
  readonly consequence: ReactNode;
  readonly confirm: ReactNode;
}

function textsOf(name: ReactNode): Readonly<Record<Action, ActionTexts>> {
  return {
    disable: {
      title: <Trans>Disable {name}?</Trans>,
      consequence: <Trans>The user can no longer log in, with any credential. You can enable the user again.</Trans>,
      confirm: <Trans>Disable</Trans>,
    },
    enable: {
      title: <Trans>Enable {name}?</Trans>,
      consequence: <Trans>The user can log in again with every credential that is active.</Trans>,
      confirm: <Trans>Enable</Trans>,
    },
    archive: {
      title: <Trans>Archive {name}?</Trans>,
      consequence: <Trans>This is final: the credentials are deleted, and the user cannot be changed any more.</Trans>,
      confirm: <Trans>Archive</Trans>,
    },
    delete: {
      title: <Trans>Delete {name}?</Trans>,
      consequence: <Trans>The user and all credentials are deleted for ever. The history is kept.</Trans>,
      confirm: <Trans>Delete</Trans>,
    },
  };
}
