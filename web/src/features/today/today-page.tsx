import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';

import type { CredentialState, StateChangeReason } from '../../api/generated/types.gen.js';
import { PageHeader, Section } from '../../components/page.js';
import { useRights } from '../../session/use-rights.js';
import { useClient } from '../../shell/shell.js';
import { BackgroundWork } from './background-work.js';
import { useCertificateCount, useKeyStores } from './counts.js';
import { NewestProblems } from './newest-problems.js';
import { NumberCard } from './number-card.js';
import { isoTime, startOfMinute } from './time.js';

import styles from './today.module.css';

const DAYS = [7, 30, 90] as const;

export function TodayPage() {
  const { t } = useLingui();
  const client = useClient();
  const { missing } = useRights();
  const base = `/console/${encodeURIComponent(client)}`;
  const toCertificates = (filters: Readonly<Record<string, string>>) =>
    `${base}/certificates?${new URLSearchParams(filters).toString()}`;
  // To the minute, so that the page asks for the same list when it is opened again.
  const [now] = useState(() => startOfMinute(Date.now()));
  const toView = missing('CredentialView');
  return (
    <>
      <PageHeader title={t`Today`} />
      <Section title={<Trans>Certificates that expire</Trans>}>
        <div className={styles['cards']}>
          {DAYS.map((days) => (
            <Expiring key={days} {...{ client, days, now, toCertificates }} missingRight={toView} />
          ))}
        </div>
      </Section>
      <Section title={<Trans>Refused or disabled</Trans>}>
        <div className={styles['cards']}>
          <InState
            label={<Trans>disabled by their policy</Trans>}
            filters={{ stateName: 'disabled', reason: 'policy-check-failed' }}
            {...{ client, toCertificates }}
            missingRight={toView}
          />
          <InState
            label={<Trans>disabled because they were revoked</Trans>}
            filters={{ stateName: 'disabled', reason: 'cert-revoked' }}
            {...{ client, toCertificates }}
            missingRight={toView}
          />
        </div>
      </Section>
      <Section title={<Trans>Locked credentials</Trans>}>
        <div className={styles['cards']}>
          <InState
            label={<Trans>locked after failed logins</Trans>}
            filters={{ stateName: 'fail-locked' }}
            {...{ client, toCertificates }}
            missingRight={toView}
          />
          <InState
            label={<Trans>locked for a while</Trans>}
            filters={{ stateName: 'tmp-locked' }}
            {...{ client, toCertificates }}
            missingRight={toView}
          />
        </div>
      </Section>
      <Section title={<Trans>Key stores</Trans>}>
        <KeyStores client={client} base={base} missingRight={missing('MtlsCertificateView')} />
      </Section>
      <Section title={<Trans>Certificates that were refused or disabled</Trans>}>
        <NewestProblems client={client} now={now} missingRight={missing('HistoryView')} />
      </Section>
      <BackgroundWork />
    </>
  );
}

interface CertificatesProps {
  readonly client: string;
  readonly missingRight: string | undefined;
  readonly toCertificates: (filters: Readonly<Record<string, string>>) => string;
}

function Expiring(props: CertificatesProps & { readonly days: number; readonly now: number }) {
  const { client, days, now, missingRight, toCertificates } = props;
  const filters = { expiresAfter: isoTime(now), expiresBefore: isoTime(now, days) };
  const result = useCertificateCount(client, filters, missingRight === undefined);
  return (
    <NumberCard
      label={<Plural value={days} one="within # day" other="within # days" />}
      to={toCertificates(filters)}
      result={result}
      missingRight={missingRight}
      tone={days === 7 ? 'danger' : 'warning'}
    />
  );
}

interface InStateProps extends CertificatesProps {
  readonly label: ReactNode;
  readonly filters: { readonly stateName: CredentialState; readonly reason?: StateChangeReason };
}

function InState({ client, label, filters, missingRight, toCertificates }: InStateProps) {
  const result = useCertificateCount(client, filters, missingRight === undefined);
  return (
    <NumberCard label={label} to={toCertificates(filters)} result={result} missingRight={missingRight} tone="warning" />
  );
}

interface KeyStoresProps {
  readonly client: string;
  readonly base: string;
  readonly missingRight: string | undefined;
}

function KeyStores({ client, base, missingRight }: KeyStoresProps) {
  const keyStores = useKeyStores(client, missingRight === undefined);
  const { error, refetch } = keyStores;
  const countOf = (wanted: 'UnAvailable' | 'Expired') => ({
    data:
      keyStores.data === undefined
        ? undefined
        : { count: keyStores.data.filter(({ status }) => status === wanted).length, hasMore: false },
    error,
    refetch,
  });
  return (
    <div className={styles['cards']}>
      <NumberCard
        label={<Trans>unavailable</Trans>}
        to={`${base}/key-stores?status=UnAvailable`}
        result={countOf('UnAvailable')}
        missingRight={missingRight}
        tone="danger"
      />
      <NumberCard
        label={<Trans>expired</Trans>}
        to={`${base}/key-stores?status=Expired`}
        result={countOf('Expired')}
        missingRight={missingRight}
        tone="danger"
      />
    </div>
  );
}
