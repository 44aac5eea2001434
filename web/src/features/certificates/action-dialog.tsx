import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { deleteCertificate, updateCertificate } from '../../api/generated/sdk.gen.js';
import type { CertificateResource } from '../../api/generated/types.gen.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { TextArea } from '../../components/field.js';
import { type CertificateKey, consoleOf } from './addresses.js';
import { ConflictNotice } from './conflict-notice.js';
import type { Action } from './state-actions.js';
import { useRefresh } from './use-certificate.js';

import styles from './certificates.module.css';

interface ActionDialogProps {
  readonly path: CertificateKey;
  readonly certificate: CertificateResource;
  readonly action: Action;
  readonly onClose: () => void;
}

const MAX_COMMENT = 1000;

/** Asks once more, and sends the version that the decision is based on. */
export function ActionDialog({ path, certificate, action, onClose }: ActionDialogProps) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const refresh = useRefresh(path);
  const [version, setVersion] = useState(certificate.version);
  const [comment, setComment] = useState('');
  const { id, to, label, question, consequence } = action;
  const { mutate, reset, error, isPending } = useMutation({
    mutationFn: async () => {
      await (to === undefined ? remove(path, version) : change(path, { stateName: to, version }, comment.trim()));
    },
    onSuccess: async () => {
      if (to === undefined) await navigate(`${consoleOf(path.clientExtId)}/certificates`, { replace: true });
      await refresh();
      onClose();
    },
  });
  const isConflict = error instanceof ApiError && (error.status === 409 || error.status === 412);
  const close = () => {
    if (isConflict) void refresh();
    onClose();
  };
  return (
    <ConfirmDialog
      open
      onClose={close}
      title={i18n._(question)}
      consequence={i18n._(consequence)}
      confirm={i18n._(label)}
      variant={id === 'disable' || id === 'delete' ? 'danger' : 'primary'}
      pending={isPending}
      error={isConflict ? undefined : error}
      onConfirm={() => mutate()}
    >
      {to !== undefined && (
        <TextArea
          label={t`Comment`}
          help={t`Why: it is shown at the credential and in its history.`}
          maxLength={MAX_COMMENT}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      )}
      {isConflict && (
        <ConflictNotice
          path={path}
          since={version}
          onContinue={(current) => {
            setVersion(current);
            reset();
          }}
        />
      )}
      <p className={styles['quiet']}>
        <Trans>Based on version {version}</Trans>
      </p>
    </ConfirmDialog>
  );
}

interface Change {
  readonly stateName: NonNullable<Action['to']>;
  readonly version: number;
}

async function change(path: CertificateKey, sent: Change, comment: string): Promise<void> {
  const body = comment === '' ? sent : { ...sent, modificationComment: comment };
  await call(updateCertificate({ path: { ...path }, body }));
}

async function remove(path: CertificateKey, version: number): Promise<void> {
  await call(deleteCertificate({ path: { ...path }, headers: { 'If-Match': `"${version}"` } }));
}
