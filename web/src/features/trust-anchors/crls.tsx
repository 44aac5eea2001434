import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { call } from '../../api/client.js';
import {
  deleteTrustAnchorSetCrl,
  listTrustAnchorSetCrls,
  replaceTrustAnchorSetCrl,
} from '../../api/generated/sdk.gen.js';
import type { TrustSetCrlResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { ConfirmDialog } from '../../components/dialog.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { FileDrop } from '../../components/file-drop.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { Section } from '../../components/page.js';
import { useLocalPages } from '../../components/use-local-pages.js';
import { useRights } from '../../session/use-rights.js';
import { ReasonText } from './path-reason.js';

import styles from './trust-anchors.module.css';

interface CrlsProps {
  readonly clientExtId: string;
  readonly extId: string;
}

/** The CRLs of a set; each is stored at once, without the form above. */
export function Crls({ clientExtId, extId }: CrlsProps) {
  const { t } = useLingui();
  const missing = useRights().missing('PolicyModify');
  const [removed, setRemoved] = useState<string>();
  const key = ['crls', clientExtId, extId];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => await call(listTrustAnchorSetCrls({ path: { clientExtId, extId }, signal })),
  });
  const pages = useLocalPages(data?.items ?? []);
  const queries = useQueryClient();
  const refresh = async () => await queries.invalidateQueries({ queryKey: key });
  const put = useMutation({
    mutationFn: async (files: readonly File[]) => {
      const stored: TrustSetCrlResource[] = [];
      for (const file of files) {
        const path = { clientExtId, extId, name: nameOf(file) };
        // The type of the file decides about the header of the request, and browsers do not agree on it.
        const body = new Blob([await file.arrayBuffer()], { type: 'application/pkix-crl' });
        stored.push(await call(replaceTrustAnchorSetCrl({ path, body })));
      }
      return stored;
    },
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: async (name: string) => await call(deleteTrustAnchorSetCrl({ path: { clientExtId, extId, name } })),
    onSuccess: async () => {
      setRemoved(undefined);
      await refresh();
    },
  });
  const columns: readonly Column<TrustSetCrlResource>[] = [
    { id: 'name', label: t`Name`, cell: ({ name }) => name },
    { id: 'issuer', label: t`Issuer`, cell: ({ issuer }) => <CertificateText text={issuer} /> },
    { id: 'counts', label: t`State`, cell: (crl) => <State crl={crl} /> },
    { id: 'number', label: t`Number`, cell: ({ number = '–' }) => number },
    { id: 'thisUpdate', label: t`Issued`, cell: ({ thisUpdate }) => <Instant value={thisUpdate} /> },
    {
      id: 'nextUpdate',
      label: t`Next one`,
      cell: ({ nextUpdate }) => (nextUpdate === undefined ? '–' : <Instant value={nextUpdate} />),
    },
    {
      id: 'remove',
      label: t`Change`,
      cell: ({ name }) => (
        <Button
          variant="quiet"
          missingRight={missing}
          aria-label={t`Delete the CRL ${name}`}
          onClick={() => setRemoved(name)}
        >
          <Trans>Delete</Trans>
        </Button>
      ),
    },
  ];
  const newer = put.data?.filter(({ replacedNewer }) => replacedNewer !== undefined) ?? [];
  return (
    <Section title={t`CRLs`}>
      {missing === undefined && (
        <FileDrop
          label={t`Drop CRLs here, or choose files`}
          help={t`DER or PEM, one CRL in a file. They are stored at once; a CRL replaces the one with the name of the file.`}
          accept=".crl,.pem,.der,application/pkix-crl"
          multiple
          onFiles={(files) => !put.isPending && put.mutate(files)}
        />
      )}
      <div role="status">
        {put.isPending && <Trans>The CRLs are being stored…</Trans>}
        {put.isSuccess && <Plural value={put.data.length} one="# CRL was stored." other="# CRLs were stored." />}
        {newer.length > 0 && (
          <p>
            <Trans>A newer CRL was replaced by an older one.</Trans>
          </p>
        )}
      </div>
      {put.error !== null && <ErrorNotice error={put.error} />}
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <DataTable
          caption={t`CRLs`}
          columns={columns}
          pages={pages}
          keyOf={({ name }) => name}
          empty={
            <p className={styles['none']}>
              <Trans>No CRLs. Without them, OCSP and the CRLs that certificates name are asked.</Trans>
            </p>
          }
        />
      )}
      <ConfirmDialog
        open={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t`Delete the CRL ${removed ?? ''}?`}
        consequence={<Trans>What it has revoked is no longer known from it.</Trans>}
        confirm={<Trans>Delete</Trans>}
        onConfirm={() => removed !== undefined && remove.mutate(removed)}
        pending={remove.isPending}
        error={remove.error}
      />
    </Section>
  );
}

function State({ crl: { counts, delta, reason, detail } }: { readonly crl: TrustSetCrlResource }) {
  const { t } = useLingui();
  return (
    <>
      <Badge tone={counts ? 'ok' : 'warning'}>{counts ? t`Counts` : t`Does not count`}</Badge>{' '}
      {delta && <Badge>{t`Delta`}</Badge>} {reason !== undefined && <ReasonText reason={reason} />}{' '}
      {detail !== undefined && <CertificateText text={detail} />}
    </>
  );
}

/** The name of a file in the form of an external ID. */
function nameOf({ name }: File): string {
  return name
    .replace(/\.(crl|pem|der)$/i, '')
    .replaceAll(/[^A-Za-z0-9\-@./_:(){}[\]=!~+]/g, '-')
    .slice(0, 50);
}
