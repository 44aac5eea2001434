import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';

import { call } from '../../api/client.js';
import { createMtlsCertificateByFile, replaceMtlsCertificateByFile, testP12 } from '../../api/generated/sdk.gen.js';
import type { MtlsCertificateResource, UsableFileResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { Dialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextInput } from '../../components/field.js';
import { FileDrop } from '../../components/file-drop.js';
import { daysUntil, Expiry, Instant } from '../../components/instant.js';
import { DescriptionList } from '../../components/page.js';

import styles from './key-stores.module.css';

/** The server takes no larger one. */
const MAX_FILE_BYTES = 256 * 1024;

interface UploadDialogProps {
  readonly accountId: string;
  /** Absent: a new key store. */
  readonly replaced?: MtlsCertificateResource;
  readonly onClose: () => void;
}

/** A file, what is in it, and only then the button that stores it. */
export function UploadDialog({ accountId, replaced, onClose }: UploadDialogProps) {
  const { t } = useLingui();
  const formId = useId();
  const [file, setFile] = useState<File>();
  const [isTooLarge, setTooLarge] = useState(false);
  const [password, setPassword] = useState('');
  const [name, setName] = useState(replaced?.name ?? '');
  const preview = usePreview(accountId);
  const save = useSave({ accountId, replaced, onClose });

  const choose = ([chosen]: readonly File[]) => {
    if (chosen === undefined) return;
    save.reset();
    preview.reset();
    setTooLarge(chosen.size > MAX_FILE_BYTES);
    setFile(chosen.size > MAX_FILE_BYTES ? undefined : chosen);
    if (chosen.size > MAX_FILE_BYTES) return;
    if (name === '') setName(chosen.name.replace(/\.(p12|pfx)$/i, '').slice(0, 100));
    preview.mutate({ file: chosen, password });
  };
  const isReady = file !== undefined && preview.isSuccess && preview.variables.password === password && name !== '';
  return (
    <Dialog
      open
      onClose={onClose}
      title={replaced === undefined ? t`Upload a key store` : t`Replace the key store ${replaced.name}`}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" form={formId} variant="primary" pending={save.isPending} disabled={!isReady}>
            {replaced === undefined ? <Trans>Store</Trans> : <Trans>Replace</Trans>}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (file === undefined || save.isPending) return;
          if (isReady) save.mutate({ file, password, name });
          else preview.mutate({ file, password });
        }}
      >
        <FileDrop
          label={file === undefined ? t`Drop a key store here, or choose a file` : file.name}
          help={t`PKCS#12: .p12 or .pfx, at most 256 KiB`}
          accept=".p12,.pfx,application/x-pkcs12"
          onFiles={choose}
        />
        {isTooLarge && (
          <p role="alert" className={styles['error']}>
            <Trans>The file is larger than 256 KiB, so it was not sent. Choose the file of the key store.</Trans>
          </p>
        )}
        <div className={styles['password']}>
          <TextInput
            label={t`Password of the file`}
            help={t`Leave it empty if the file has none.`}
            type="password"
            autoComplete="off"
            maxLength={1000}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            onKeyDown={(event) => {
              // The button that would send the form is disabled until somebody has looked inside.
              if (event.key !== 'Enter' || isReady || file === undefined) return;
              event.preventDefault();
              preview.mutate({ file, password });
            }}
          />
          <Button
            disabled={file === undefined}
            pending={preview.isPending}
            onClick={() => file !== undefined && preview.mutate({ file, password })}
          >
            <Trans>Look inside</Trans>
          </Button>
        </div>
        <TextInput
          label={t`Name`}
          help={t`Unique among the key stores of this client.`}
          value={name}
          maxLength={100}
          required
          onChange={(event) => setName(event.target.value)}
        />
        <div role="status">
          {preview.isPending && <Trans>The file is being read…</Trans>}
          {preview.isSuccess && <Preview content={preview.data} />}
        </div>
        {preview.error !== null && <ErrorNotice error={preview.error} />}
        {save.error !== null && <ErrorNotice error={save.error} />}
        {save.data?.isStored === false && (
          <p role="alert">
            <Trans>The vault did not store the file. Try again once the vault can be reached.</Trans>
          </p>
        )}
      </form>
    </Dialog>
  );
}

function Preview({ content: { subject, expirationDate } }: { readonly content: UsableFileResource }) {
  const { t } = useLingui();
  return (
    <DescriptionList
      entries={[
        [
          t`Content`,
          daysUntil(expirationDate) < 0 ? (
            <Badge tone="warning">{t`Can be stored, but the certificate has expired`}</Badge>
          ) : (
            <Badge tone="ok">{t`A private key and its certificate`}</Badge>
          ),
        ],
        [t`Subject`, subject === undefined ? t`The certificate has no subject` : <CertificateText text={subject} />],
        [
          t`Valid until`,
          <>
            <Instant value={expirationDate} /> (<Expiry value={expirationDate} />)
          </>,
        ],
      ]}
    />
  );
}

interface Sent {
  readonly file: File;
  readonly password: string;
}

/** L9: nothing is stored. */
function usePreview(accountId: string) {
  return useMutation({
    mutationFn: async ({ file, password }: Sent) =>
      await call(testP12({ path: { accountId }, body: { file, ...(password === '' ? {} : { password }) } })),
  });
}

function useSave({ accountId, replaced, onClose }: UploadDialogProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, password, name }: Sent & { readonly name: string }) => {
      const item = { name, ...(password === '' ? {} : { password }) };
      const { successfulySavedCertificates: saved } =
        replaced === undefined
          ? await call(createMtlsCertificateByFile({ path: { accountId }, body: { file, certificate: item } }))
          : await call(
              replaceMtlsCertificateByFile({
                path: { accountId },
                body: { file, certificate: { ...item, id: replaced.id } },
              }),
            );
      return { isStored: saved.length > 0 };
    },
    onSuccess: async ({ isStored }) => {
      await queries.invalidateQueries({ queryKey: ['key-stores', accountId] });
      if (isStored) onClose();
    },
  });
}
