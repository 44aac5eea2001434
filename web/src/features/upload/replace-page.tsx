import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { getCertificate, listCertificateHistory, updateCertificate } from '../../api/generated/sdk.gen.js';
import type { AuditEventResource, CertificateResource } from '../../api/generated/types.gen.js';
import { LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select, TextInput } from '../../components/field.js';
import { Expiry } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { DescriptionList, PageHeader, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { useRights } from '../../session/use-rights.js';
import { PageError } from '../../shell/other-pages.js';
import { useClient } from '../../shell/shell.js';
import { Merge } from '../users/merge.js';
import { certificatePath } from '../users/paths.js';
import { useSubmit } from '../users/use-submit.js';
import { Above } from './above.js';
import { CertificateInput } from './certificate-input.js';
import { useDryRun } from './dry-run.js';
import { Outcome } from './outcome.js';
import {
  changeBodyOf,
  changeOf,
  CREDENTIAL_MEMBERS,
  type CredentialChange,
  isAssignable,
} from './replacement.rules.js';
import { SaveButton } from './save-button.js';

import styles from './upload.module.css';

export function ReplacePage() {
  const clientExtId = useClient();
  const { userExtId = '', extId = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['certificate-to-replace', clientExtId, userExtId, extId],
    queryFn: async ({ signal }) => await call(getCertificate({ path: { clientExtId, userExtId, extId }, signal })),
    // The version that the change is based on is the one that the page has shown.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (data === undefined) {
    return error === null ? <Loading /> : <PageError error={error} onRetry={() => void refetch()} />;
  }
  return <Replacement clientExtId={clientExtId} stored={data} />;
}

interface Conflict {
  readonly theirs: CertificateResource;
  readonly events: readonly AuditEventResource[];
}

function Replacement({ clientExtId, stored }: { readonly clientExtId: string; readonly stored: CertificateResource }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { missing } = useRights();
  const { userExtId, extId, policyExtId, version } = stored;
  const before = changeOf(stored);
  // The comment is on one change; the comment on the last one is no start of it.
  const [change, setChange] = useState<CredentialChange>({ ...before, certificate: '', modificationComment: '' });
  const [conflict, setConflict] = useState<Conflict>();
  const path = { clientExtId, userExtId, extId };
  const pem = change.certificate === '' ? undefined : change.certificate;
  const leave = () => {
    void queries.invalidateQueries({ queryKey: ['credentials', clientExtId, userExtId] });
    void navigate(certificatePath(clientExtId, userExtId, extId), { replace: true });
  };

  const dryRun = useDryRun(
    { clientExtId, userExtId, policyExtId, pem: missing('CredentialModify') === undefined ? pem : undefined },
    [extId, version, change.stateName],
    async (certificate, signal) => {
      const body = { ...changeBodyOf(before, { ...change, certificate }), version };
      return await call(updateCertificate({ path, body, query: { dryRun: true }, signal }));
    },
  );
  const { submit, pending, error } = useSubmit(
    async ({ from, to }: { readonly from: CertificateResource; readonly to: CredentialChange }) => {
      try {
        const body = { ...changeBodyOf(changeOf(from), to), version: from.version };
        return await call(updateCertificate({ path, body }));
      } catch (failure) {
        if (failure instanceof ApiError && failure.status === 409) {
          const theirs = await call(getCertificate({ path }));
          const { items } = await call(listCertificateHistory({ path, query: { limit: 100 } }));
          setChange(to);
          setConflict({ theirs, events: items.filter((event) => (event.version ?? 0) > version) });
        }
        throw failure;
      }
    },
    leave,
  );
  const names: Readonly<Record<keyof CredentialChange, string>> = {
    certificate: t`Certificate`,
    stateName: t`State`,
    modificationComment: t`Comment`,
  };
  const explained = dryRun.data?.explanation?.certificate;
  const textOf = (member: keyof CredentialChange, value: string) => {
    if (member !== 'certificate') return value;
    const known = [stored, conflict?.theirs].find((credential) => credential?.certificate === value);
    const subject = known === undefined ? explained?.subjectDN : known.subjectDN;
    const fingerprint = known === undefined ? explained?.fingerprintSha256 : known.fingerprint;
    return [subject, fingerprint].filter(Boolean).join(' · ');
  };
  const header = (
    <PageHeader title={t`Replace the certificate`} above={<Above clientExtId={clientExtId} userExtId={userExtId} />} />
  );
  if (conflict !== undefined) {
    return (
      <>
        {header}
        {error instanceof ApiError && error.status !== 409 && <ErrorNotice error={error} />}
        <Merge
          key={conflict.theirs.version}
          members={CREDENTIAL_MEMBERS}
          labelOf={(member) => names[member]}
          textOf={textOf}
          before={{ ...before, modificationComment: '' }}
          theirs={{ ...changeOf(conflict.theirs), modificationComment: '' }}
          mine={change}
          events={conflict.events}
          pending={pending}
          onSave={(to) => submit({ from: conflict.theirs, to })}
          onDiscard={leave}
        />
      </>
    );
  }
  return (
    <>
      {header}
      <div className={styles['page']}>
        <div className={styles['form']}>
          <Section title={<Trans>What is stored now</Trans>}>
            <DescriptionList
              entries={[
                [t`Subject`, <CertificateText text={stored.subjectDN ?? extId} />],
                [t`State`, <StateBadge state={stored.stateName} />],
                [t`Validity`, stored.validity.to === undefined ? undefined : <Expiry value={stored.validity.to} />],
                [t`Policy`, <CertificateText text={policyExtId} />],
              ]}
            />
          </Section>
          <CertificateInput
            onCertificate={(certificate) => setChange((former) => ({ ...former, certificate: certificate ?? '' }))}
          />
          <Select
            label={<Trans>State afterwards</Trans>}
            help={<Trans>The policy may disable it whatever is chosen here.</Trans>}
            value={change.stateName}
            onChange={(event) => setChange((former) => ({ ...former, stateName: event.target.value }))}
          >
            <option value={before.stateName}>{t`As it is now`}</option>
            {isAssignable(before.stateName, 'active') && <option value="active">{t`Active`}</option>}
            {isAssignable(before.stateName, 'disabled') && <option value="disabled">{t`Disabled`}</option>}
          </Select>
          <TextInput
            label={<Trans>Comment on this change</Trans>}
            maxLength={1000}
            value={change.modificationComment}
            onChange={(event) => setChange((former) => ({ ...former, modificationComment: event.target.value }))}
          />
          <div className={styles['row']}>
            <SaveButton
              dryRun={dryRun.data}
              isEvaluating={dryRun.isFetching}
              missingRight={missing('CredentialModify')}
              pending={pending}
              onSave={() => submit({ from: stored, to: change })}
            >
              <Trans>Replace the certificate</Trans>
            </SaveButton>
            <LinkButton to={certificatePath(clientExtId, userExtId, extId)}>
              <Trans>Cancel</Trans>
            </LinkButton>
          </div>
        </div>
        <Outcome hasCertificate={pem !== undefined} dryRun={dryRun} error={error} />
      </div>
    </>
  );
}
