import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';

import { call } from '../../api/client.js';
import { explainCertificate, getCertificateSummary } from '../../api/generated/sdk.gen.js';
import { Button, LinkButton } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Select, TextArea, TextInput } from '../../components/field.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { DescriptionList, PageHeader, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { useClient } from '../../shell/shell.js';
import { consoleOf } from '../certificates/addresses.js';
import { FilterChips } from '../certificates/filter-chips.js';
import { type Filters, filtersOf, queryOf, searchOf } from '../certificates/filters.js';
import { changeAddress } from './selection.js';

import styles from './bulk.module.css';

const NONE: ReadonlySet<string> = new Set();

/** From an issuer, a key or a key type to what depends on it, before anything is done. */
export function IncidentPage() {
  const { t } = useLingui();
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const key = searchOf(filters).toString();
  const apply = (next: Filters) => setSearch(searchOf(next));
  return (
    <>
      <PageHeader title={t`Incident`} above={<Link to="../bulk">{t`Bulk changes`}</Link>}>
        <p>
          <Trans>An issuer or a key is compromised, or a key type is retired: see what depends on it, then act.</Trans>
        </p>
      </PageHeader>
      <StartForm onApply={apply} />
      <FromCertificate onApply={apply} />
      {key !== '' && (
        <Section title={<Trans>What depends on it</Trans>}>
          <FilterChips filters={filters} onApply={apply} />
          <DependentsView key={key} filters={filters} />
        </Section>
      )}
    </>
  );
}

interface StartProps {
  readonly onApply: (filters: Filters) => void;
}

function StartForm({ onApply }: StartProps) {
  const { t } = useLingui();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [kind, value] = [form.get('kind'), form.get('value')];
    if (typeof kind === 'string' && typeof value === 'string') onApply({ [kind]: value.trim() });
  };
  return (
    <form className={styles['form']} onSubmit={submit}>
      <Select name="kind" label={t`Start from`}>
        <option value="issuerDN">{t`Issuer (the whole DN)`}</option>
        <option value="publicKeySha256">{t`SHA-256 of the public key (SPKI)`}</option>
        <option value="keyType">{t`Key type, such as RSA:2048`}</option>
      </Select>
      <div className={styles['wide']}>
        <TextInput name="value" label={t`Value`} required autoComplete="off" spellCheck={false} />
      </div>
      <Button type="submit" variant="primary">
        <Trans>Show</Trans>
      </Button>
    </form>
  );
}

function FromCertificate({ onApply }: StartProps) {
  const { t } = useLingui();
  const clientExtId = useClient();
  const [pem, setPem] = useState('');
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async () => await call(explainCertificate({ path: { clientExtId }, body: { certificate: pem } })),
  });
  const found = data?.certificate;
  return (
    <details>
      <summary>
        <Trans>Start from a certificate</Trans>
      </summary>
      <div className={styles['form']}>
        <div className={styles['wide']}>
          <TextArea
            label={t`Certificate (PEM)`}
            rows={4}
            spellCheck={false}
            value={pem}
            onChange={(event) => setPem(event.target.value)}
          />
        </div>
        <Button pending={isPending} disabled={!pem.includes('BEGIN CERTIFICATE')} onClick={() => mutate()}>
          <Trans>Read</Trans>
        </Button>
        {error !== null && <ErrorNotice error={error} />}
        {found !== undefined && (
          <div className={styles['choices']}>
            <Button onClick={() => onApply({ issuerDN: found.subjectDN })}>
              <Trans>Issued by this certificate</Trans>
            </Button>
            <Button onClick={() => onApply({ issuerDN: found.issuerDN })}>
              <Trans>From the same issuer</Trans>
            </Button>
            <Button onClick={() => onApply({ publicKeySha256: found.publicKeySha256 })}>
              <Trans>With the same key</Trans>
            </Button>
            <Button onClick={() => onApply({ keyType: found.keyType })}>
              <Trans>With the same key type</Trans>
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

function DependentsView({ filters }: { readonly filters: Filters }) {
  const { t, i18n } = useLingui();
  const clientExtId = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['certificate-summary', clientExtId, filters],
    queryFn: async ({ signal }) =>
      await call(getCertificateSummary({ path: { clientExtId }, query: queryOf(filters), signal })),
    refetchOnWindowFocus: false,
  });
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { certificates, users, byState, byPolicy, neverUsed, lastUsed } = data;
  return (
    <>
      {certificates > 0 && (
        <div className={styles['choices']}>
          <LinkButton variant="primary" to={changeAddress(consoleOf(clientExtId), filters, NONE)}>
            <Trans>Change all…</Trans>
          </LinkButton>
          <LinkButton to={`${consoleOf(clientExtId)}/certificates?${searchOf(filters).toString()}`}>
            <Trans>Show the list</Trans>
          </LinkButton>
        </div>
      )}
      <div role="status">
        <DescriptionList
          entries={[
            [t`Certificates`, i18n.number(certificates)],
            [t`Users`, i18n.number(users)],
            ...byState.map(
              ({ stateName, certificates: count }) => [<StateBadge state={stateName} />, i18n.number(count)] as const,
            ),
            ...byPolicy.map(
              ({ policyExtId: policy, certificates: count }) =>
                [<CertificateText text={t`Policy ${policy}`} />, i18n.number(count)] as const,
            ),
            [t`Last used`, lastUsed === undefined ? '–' : <Instant value={lastUsed} />],
            [t`Never used`, i18n.number(neverUsed)],
          ]}
        />
      </div>
      <p>
        <Trans>
          After an upgrade, certificates may be missing here. <Link to="../today">Today</Link> shows whether they can be
          searched by every field.
        </Trans>
      </p>
    </>
  );
}
