import { Trans, useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';

import type { MtlsCertificateResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import type { Column } from '../../components/data-table.js';
import { Expiry, Instant } from '../../components/instant.js';
import { StatusBadge } from './status-badge.js';

import styles from './key-stores.module.css';

type KeyStore = MtlsCertificateResource;

interface RowActions {
  readonly missing: string | undefined;
  readonly onReplace: (keyStore: KeyStore) => void;
  readonly onDelete: (keyStore: KeyStore) => void;
}

export function useColumns({ missing, onReplace, onDelete }: RowActions): readonly Column<KeyStore>[] {
  const { t } = useLingui();
  return useMemo(
    () => [
      { id: 'name', label: t`Name`, cell: (keyStore) => <Name keyStore={keyStore} /> },
      { id: 'id', label: t`ID`, cell: ({ id }) => <code>{id}</code> },
      { id: 'status', label: t`Status`, cell: (keyStore) => <StatusBadge keyStore={keyStore} /> },
      { id: 'expires', label: t`Valid until`, cell: (keyStore) => <End keyStore={keyStore} /> },
      {
        id: 'actions',
        label: t`Change`,
        cell: (keyStore) =>
          keyStore.deleted ? null : (
            <span className={styles['actions']}>
              <Button
                variant="quiet"
                missingRight={missing}
                aria-label={t`Replace ${keyStore.name}`}
                onClick={() => onReplace(keyStore)}
              >
                <Trans>Replace</Trans>
              </Button>
              <Button
                variant="quiet"
                missingRight={missing}
                aria-label={t`Delete ${keyStore.name}`}
                onClick={() => onDelete(keyStore)}
              >
                <Trans>Delete</Trans>
              </Button>
            </span>
          ),
      },
    ],
    [t, missing, onReplace, onDelete],
  );
}

function Name({ keyStore: { name, displayName } }: { readonly keyStore: KeyStore }) {
  return (
    <span className={styles['name']}>
      <CertificateText text={displayName} />
      {displayName !== name && <CertificateText text={name} code />}
    </span>
  );
}

function End({
  keyStore: { expirationDate, deleted, secretDestroyed, secretDestructionDate },
}: {
  keyStore: KeyStore;
}) {
  if (deleted) {
    if (secretDestructionDate === undefined) return '–';
    return secretDestroyed === true ? (
      <Trans>
        File destroyed <Instant value={secretDestructionDate} dateOnly />
      </Trans>
    ) : (
      <Trans>
        File will be destroyed <Instant value={secretDestructionDate} dateOnly />
      </Trans>
    );
  }
  if (expirationDate === null) return '–';
  return (
    <span className={styles['name']}>
      <Instant value={expirationDate} dateOnly />
      <Expiry value={expirationDate} />
    </span>
  );
}
