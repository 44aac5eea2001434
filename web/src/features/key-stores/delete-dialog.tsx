import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { call } from '../../api/client.js';
import { deleteMtlsCertificate } from '../../api/generated/sdk.gen.js';
import type { MtlsCertificateResource } from '../../api/generated/types.gen.js';
import { ConfirmDialog } from '../../components/dialog.js';

interface DeleteDialogProps {
  readonly accountId: string;
  readonly keyStore: MtlsCertificateResource;
  readonly onClose: () => void;
}

export function DeleteDialog({ accountId, keyStore: { id, name }, onClose }: DeleteDialogProps) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => await call(deleteMtlsCertificate({ path: { accountId, certificateId: id } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['key-stores', accountId] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t`Delete the key store ${name}?`}
      consequence={
        <Trans>
          Whoever uses it can no longer read it. Its file is destroyed after the retention time of this server; the name
          is free at once.
        </Trans>
      }
      confirm={<Trans>Delete</Trans>}
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
