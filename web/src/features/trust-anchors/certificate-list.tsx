import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';

import { call } from '../../api/client.js';
import { explainCertificate } from '../../api/generated/sdk.gen.js';
import { Badge } from '../../components/badge.js';
import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { type Column, DataTable } from '../../components/data-table.js';
import { Instant } from '../../components/instant.js';
import { useLocalPages } from '../../components/use-local-pages.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { ReasonText } from './path-reason.js';
import { type Block, contentOf, type Role } from './pem-blocks.js';

import styles from './trust-anchors.module.css';

interface CertificateListProps {
  readonly role: Role;
  readonly blocks: readonly Block[];
  readonly readOnly: boolean;
  readonly onRemove: (block: Block) => void;
  /** Into the other list. */
  readonly onMove: (block: Block) => void;
}

export function CertificateList({ role, blocks, readOnly, onRemove, onMove }: CertificateListProps) {
  const { t } = useLingui();
  const pages = useLocalPages(blocks);
  const columns: readonly Column<Block>[] = [
    { id: 'certificate', label: t`Certificate`, cell: (block) => <Description block={block} /> },
    { id: 'state', label: t`State`, cell: (block) => <State block={block} /> },
    ...(readOnly
      ? []
      : [
          {
            id: 'actions',
            label: t`Change`,
            cell: (block: Block) => (
              <span className={styles['actions']}>
                <Button variant="quiet" onClick={() => onMove(block)}>
                  {role === 'anchors' ? <Trans>Make it an intermediate</Trans> : <Trans>Make it an anchor</Trans>}
                </Button>
                <Button variant="quiet" onClick={() => onRemove(block)}>
                  <Trans>Remove</Trans>
                </Button>
              </span>
            ),
          },
        ]),
  ];
  return (
    <DataTable
      caption={role === 'anchors' ? t`Anchors` : t`Intermediates`}
      columns={columns}
      pages={pages}
      keyOf={contentOf}
      empty={
        <p className={styles['none']}>
          {role === 'anchors' ? <Trans>No anchors: a set needs at least one.</Trans> : <Trans>No intermediates.</Trans>}
        </p>
      }
    />
  );
}

interface Described {
  readonly subjectDN?: string;
  readonly issuerDN?: string;
  readonly fingerprint?: string;
  readonly validity?: { readonly from: string; readonly to: string };
}

function Description({ block }: { readonly block: Block }) {
  const described = useDescription(block);
  if (described === undefined) return <Trans>A certificate of {<CertificateText text={block.file ?? ''} />}</Trans>;
  const { subjectDN, issuerDN, fingerprint, validity } = described;
  return (
    <div className={styles['certificate']}>
      <strong>{subjectDN === undefined ? <Trans>No subject</Trans> : <CertificateText text={subjectDN} />}</strong>
      {issuerDN !== undefined && issuerDN !== subjectDN && (
        <span>
          <Trans>
            issued by <CertificateText text={issuerDN} />
          </Trans>
        </span>
      )}
      {validity !== undefined && (
        <span>
          <Trans>
            valid from <Instant value={validity.from} dateOnly /> to <Instant value={validity.to} dateOnly />
          </Trans>
        </span>
      )}
      {fingerprint !== undefined && <CertificateText text={fingerprint} code />}
    </div>
  );
}

/** A new certificate is decoded by the server too; who may not ask it sees the name of the file. */
function useDescription({ pem, stored }: Block): Described | undefined {
  const clientExtId = useClient();
  const { has } = useRights();
  const { data } = useQuery({
    queryKey: ['explained', clientExtId, pem],
    enabled: stored === undefined && has('CredentialView'),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const answer = await call(explainCertificate({ path: { clientExtId }, body: { certificate: pem }, signal }));
      return { ...answer.certificate, fingerprint: answer.certificate.fingerprintSha256 };
    },
  });
  return stored ?? data;
}

function State({ block: { stored } }: { readonly block: Block }) {
  const { t } = useLingui();
  if (stored === undefined) return <Badge>{t`Not saved yet`}</Badge>;
  if (stored.usable) return <Badge tone="ok">{t`Usable`}</Badge>;
  return (
    <>
      <Badge tone="warning">{t`Unusable`}</Badge> {stored.reason !== undefined && <ReasonText reason={stored.reason} />}
    </>
  );
}
