import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';

import { call } from '../../api/client.js';
import { listMtlsCertificates } from '../../api/generated/sdk.gen.js';
import type { MtlsCertificateResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { DataTable } from '../../components/data-table.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Checkbox, SearchInput, Select } from '../../components/field.js';
import { Loading } from '../../components/loading.js';
import { EmptyState, PageHeader } from '../../components/page.js';
import { useLocalPages } from '../../components/use-local-pages.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { DeleteDialog } from './delete-dialog.js';
import { STATUSES, useStatusNames } from './status-badge.js';
import { UploadDialog } from './upload-dialog.js';
import { useColumns } from './use-columns.js';
import { useSearchParam } from './use-search-param.js';

import styles from './key-stores.module.css';

type KeyStore = MtlsCertificateResource;

/** What is open: the upload of a new key store or of one that replaces another, or the question before a deletion. */
type Opened = { readonly action: 'create' } | { readonly action: 'replace' | 'delete'; readonly keyStore: KeyStore };

export function KeyStoresPage() {
  const { t } = useLingui();
  const accountId = useClient();
  const missing = useRights().missing('MtlsCertificateModify');
  const statusNames = useStatusNames();
  const [opened, setOpened] = useState<Opened>();
  const [sought, setSought] = useSearchParam('name');
  const [deleted, setDeleted] = useSearchParam('deleted');
  const [status, setStatus] = useSearchParam('status');
  const includeDeleted = deleted !== '';
  const { data, error, refetch } = useQuery({
    queryKey: ['key-stores', accountId, includeDeleted],
    queryFn: async ({ signal }) =>
      await call(listMtlsCertificates({ path: { accountId }, query: { includeDeleted }, signal })),
  });
  const found = data?.filter((keyStore) => isSought(keyStore, sought) && hasStatus(keyStore, status)) ?? [];
  const pages = useLocalPages(found, { endless: true });
  const onReplace = useCallback((keyStore: KeyStore) => setOpened({ action: 'replace', keyStore }), []);
  const onDelete = useCallback((keyStore: KeyStore) => setOpened({ action: 'delete', keyStore }), []);
  const columns = useColumns({ missing, onReplace, onDelete });
  const upload = (
    <Button variant="primary" missingRight={missing} onClick={() => setOpened({ action: 'create' })}>
      <Trans>Upload a key store</Trans>
    </Button>
  );
  return (
    <>
      <PageHeader title={t`Key stores`} actions={upload}>
        <p>
          <Trans>
            Files with a private key and its certificate (PKCS#12). They are in the vault; these pages never show a key.
          </Trans>
        </p>
      </PageHeader>
      <div className={styles['filters']}>
        <SearchInput label={t`Name`} value={sought} onChange={(event) => setSought(event.target.value)} />
        <Select label={t`Status`} value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">{t`Any`}</option>
          {STATUSES.map((one) => (
            <option key={one} value={one}>
              {statusNames[one]}
            </option>
          ))}
        </Select>
        <Checkbox
          label={t`Deleted ones too`}
          checked={includeDeleted}
          onChange={(event) => setDeleted(event.target.checked ? '1' : '')}
        />
      </div>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <DataTable
          caption={t`Key stores`}
          columns={columns}
          pages={pages}
          keyOf={({ id }) => String(id)}
          empty={sought === '' && status === '' ? <NoKeyStores upload={upload} /> : <NothingFound />}
        />
      )}
      {(opened?.action === 'create' || opened?.action === 'replace') && (
        <UploadDialog
          accountId={accountId}
          {...(opened.action === 'replace' ? { replaced: opened.keyStore } : {})}
          onClose={() => setOpened(undefined)}
        />
      )}
      {opened?.action === 'delete' && (
        <DeleteDialog accountId={accountId} keyStore={opened.keyStore} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}

function isSought({ name, displayName }: KeyStore, sought: string): boolean {
  return `${name}\n${displayName}`.toLowerCase().includes(sought.toLowerCase());
}

/** A deleted one has no status any more. */
function hasStatus({ status, deleted }: KeyStore, wanted: string): boolean {
  return wanted === '' || (!deleted && status === wanted);
}

function NoKeyStores({ upload }: { readonly upload: ReactNode }) {
  const { t } = useLingui();
  return (
    <EmptyState title={t`There are no key stores yet`} action={upload}>
      <Trans>Upload a .p12 or .pfx file. You see what is in it before it is stored.</Trans>
    </EmptyState>
  );
}

function NothingFound() {
  const { t } = useLingui();
  return (
    <EmptyState title={t`No key store matches these filters`}>
      <Trans>Search for another part of the name, or choose another status.</Trans>
    </EmptyState>
  );
}
