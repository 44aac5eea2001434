import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { createCertificate, getCertificate } from '../../api/generated/sdk.gen.js';
import type { CertificateResource } from '../../api/generated/types.gen.js';
import { LinkButton } from '../../components/button.js';
import { PageHeader } from '../../components/page.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { certificatePath, userPath } from '../users/paths.js';
import { PolicySelect } from '../users/policy-select.js';
import { useSubmit } from '../users/use-submit.js';
import { Above } from './above.js';
import { CertificateInput } from './certificate-input.js';
import { useDryRun } from './dry-run.js';
import { Outcome } from './outcome.js';
import { SaveButton } from './save-button.js';

import styles from './upload.module.css';

export function AddPage() {
  const { t } = useLingui();
  const clientExtId = useClient();
  const { userExtId = '' } = useParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { missing } = useRights();
  const [pem, setPem] = useState<string>();
  const [policy, setPolicy] = useState('');
  // Chosen here, so that an attempt after a lost answer cannot create a second credential.
  const [extId] = useState(() => crypto.randomUUID());
  const [wasUnanswered, setUnanswered] = useState(false);
  const path = { clientExtId, userExtId };
  const policyExtId = policy === '' ? undefined : policy;
  const bodyOf = (certificate: string) => ({ certificate, ...(policyExtId === undefined ? {} : { policyExtId }) });

  const mayAdd = missing('CredentialCreate') === undefined;
  const dryRun = useDryRun(
    { clientExtId, userExtId, policyExtId, pem: mayAdd ? pem : undefined },
    ['add'],
    async (certificate, signal) =>
      await call(createCertificate({ path, body: bodyOf(certificate), query: { dryRun: true }, signal })),
  );
  const { submit, pending, error } = useSubmit(
    async (certificate: string): Promise<CertificateResource> => {
      try {
        return await call(createCertificate({ path, body: { ...bodyOf(certificate), extId } }));
      } catch (failure) {
        if (failure instanceof ApiError && failure.status === 0) setUnanswered(true);
        if (!wasUnanswered || !(failure instanceof ApiError) || failure.status !== 422) throw failure;
        // The attempt without an answer may have stored it.
        return await call(getCertificate({ path: { ...path, extId } })).catch(() => {
          throw failure;
        });
      }
    },
    (created) => {
      void queries.invalidateQueries({ queryKey: ['credentials', clientExtId, userExtId] });
      void navigate(certificatePath(clientExtId, userExtId, created.extId), { replace: true });
    },
  );
  return (
    <>
      <PageHeader title={t`Add a certificate`} above={<Above clientExtId={clientExtId} userExtId={userExtId} />} />
      <div className={styles['page']}>
        <div className={styles['form']}>
          <CertificateInput onCertificate={setPem} />
          <PolicySelect
            clientExtId={clientExtId}
            policyType="CertificatePolicy"
            help={<Trans>Its rules decide whether the certificate is accepted.</Trans>}
            value={policy}
            onChange={setPolicy}
          />
          <div className={styles['row']}>
            <SaveButton
              dryRun={dryRun.data}
              isEvaluating={dryRun.isFetching}
              missingRight={missing('CredentialCreate')}
              pending={pending}
              onSave={() => {
                if (pem !== undefined) submit(pem);
              }}
            >
              <Trans>Add the certificate</Trans>
            </SaveButton>
            <LinkButton to={userPath(clientExtId, userExtId)}>
              <Trans>Cancel</Trans>
            </LinkButton>
          </div>
        </div>
        <Outcome hasCertificate={pem !== undefined} dryRun={dryRun} error={error} />
      </div>
    </>
  );
}
