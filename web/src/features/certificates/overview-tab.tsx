import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from 'react-router';

import type { CertificateResource } from '../../api/generated/types.gen.js';
import { CertificateText } from '../../components/certificate-text.js';
import { CopyButton } from '../../components/copy-button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Instant } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { DescriptionList, Section } from '../../components/page.js';
import { StateBadge } from '../../components/state-badge.js';
import { RuleSentences } from '../words/rule-sentences.js';
import { STATE_REASONS } from '../words/state-reasons.js';
import { type CertificateKey, policyAddress } from './addresses.js';
import { DecodedCertificate } from './decoded-certificate.js';
import { Findings } from './findings.js';
import { NextSteps } from './next-steps.js';
import { LOGIN_NOW, useExplanation } from './use-certificate.js';
import { VerdictNotice } from './verdict-notice.js';

interface OverviewTabProps {
  readonly path: CertificateKey;
  readonly certificate: CertificateResource;
}

export function OverviewTab({ path, certificate }: OverviewTabProps) {
  const { data, error, refetch } = useExplanation(path, certificate, LOGIN_NOW);
  return (
    <>
      {data !== undefined && <VerdictNotice explanation={data} />}
      <StateSection {...{ path, certificate }} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <DecodedCertificate certificate={data.certificate} stored={certificate} />
          <Findings findings={data.findings} />
        </>
      )}
    </>
  );
}

function StateSection({ path, certificate }: OverviewTabProps) {
  const { t, i18n } = useLingui();
  const { stateName, stateChangeReason, stateChangeDetail, modificationComment, policyExtId } = certificate;
  const { lastSuccessfulLoginDate, lastFailedLoginDate, successfulLoginCount, failedLoginCount } = certificate;
  const { validity, version, created, lastModified, properties = {} } = certificate;
  const logins = (count: number, last: string | undefined) =>
    last === undefined ? (
      i18n.number(count)
    ) : (
      <Trans>
        {i18n.number(count)}, last <Instant value={last} />
      </Trans>
    );
  return (
    <Section title={<Trans>State</Trans>}>
      <NextSteps state={stateName} reason={stateChangeReason} />
      <DescriptionList
        entries={[
          [
            t`ID`,
            <>
              <CertificateText text={path.extId} code /> <CopyButton text={path.extId} what={t`the ID`} />
            </>,
          ],
          [t`State`, <StateBadge state={stateName} />],
          [t`Reason`, i18n._(STATE_REASONS[stateChangeReason])],
          [t`Detail`, stateChangeDetail === undefined ? undefined : <RuleSentences text={stateChangeDetail} />],
          [t`Comment`, modificationComment === undefined ? undefined : <CertificateText text={modificationComment} />],
          [
            t`Usable`,
            <Trans>
              {validity.from === undefined ? '…' : <Instant value={validity.from} />} to{' '}
              {validity.to === undefined ? '…' : <Instant value={validity.to} />}
            </Trans>,
          ],
          [
            t`Policy`,
            <Link to={policyAddress(path.clientExtId, policyExtId)}>
              <CertificateText text={policyExtId} plain />
            </Link>,
          ],
          [t`Logins`, logins(successfulLoginCount, lastSuccessfulLoginDate)],
          [t`Failed logins since then`, logins(failedLoginCount, lastFailedLoginDate)],
          [t`Registered`, <Instant value={created} />],
          [t`Last changed`, <Instant value={lastModified} />],
          [t`Version`, version],
          ...Object.entries(properties).map(
            ([name, value]) => [<CertificateText text={name} />, <CertificateText text={value} />] as const,
          ),
        ]}
      />
    </Section>
  );
}
