import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import type { CertificateResource } from '../../api/generated/types.gen.js';
import { Button, LinkButton } from '../../components/button.js';
import { DownloadIcon } from '../../components/icons.js';
import { useRights } from '../../session/use-rights.js';
import { ActionDialog } from './action-dialog.js';
import { certificateAddress, type CertificateKey } from './addresses.js';
import { download, fileName } from './download.js';
import { type Action, actionsOf } from './state-actions.js';

interface CertificateActionsProps {
  readonly path: CertificateKey;
  readonly certificate: CertificateResource;
}

export function CertificateActions({ path, certificate }: CertificateActionsProps) {
  const { i18n } = useLingui();
  const { missing } = useRights();
  const [chosen, choose] = useState<Action>();
  const { stateName, extId, certificate: pem } = certificate;
  return (
    <>
      <Button icon={<DownloadIcon />} onClick={() => download(fileName(extId, 'pem'), 'application/x-pem-file', pem)}>
        <Trans>Download PEM</Trans>
      </Button>
      {stateName !== 'archived' && <Replace path={path} />}
      {actionsOf(stateName).map((action) => (
        <Button
          key={action.id}
          variant={action.id === 'delete' ? 'danger' : 'secondary'}
          missingRight={missing(action.id === 'delete' ? 'CredentialDelete' : 'CredentialModify')}
          onClick={() => choose(action)}
        >
          {i18n._(action.label)}
        </Button>
      ))}
      {chosen !== undefined && (
        <ActionDialog {...{ path, certificate }} action={chosen} onClose={() => choose(undefined)} />
      )}
    </>
  );
}

function Replace({ path }: { readonly path: CertificateKey }) {
  const { has } = useRights();
  if (!has('CredentialModify')) {
    return (
      <Button missingRight="CredentialModify">
        <Trans>Replace</Trans>
      </Button>
    );
  }
  return (
    <LinkButton to={`${certificateAddress(path)}/replace`}>
      <Trans>Replace</Trans>
    </LinkButton>
  );
}
