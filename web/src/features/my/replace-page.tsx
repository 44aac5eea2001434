import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useParams } from 'react-router';

import type { ExplanationResource } from '../../api/generated/types.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Expiry } from '../../components/instant.js';
import { Loading } from '../../components/loading.js';
import { PageHeader } from '../../components/page.js';
import { BackLink } from './back-link.js';
import { CertificateCheck } from './certificate-check.js';
import { type ChosenCertificate, CertificateInput } from './certificate-input.js';
import { conditionOf, offersOf } from './certificate-state.js';
import { ChooseAnother } from './choose-another.js';
import { ConditionText } from './condition-text.js';
import { Done } from './done.js';
import { Notice } from './notice.js';
import { type MyCertificate, useMyCertificate } from './queries.js';
import { type Outcome, ReplaceForm } from './replace-form.js';
import { NameOf } from './verdict-view.js';
import type { Verdict } from './verdict.js';

import styles from './my.module.css';

export function ReplacePage() {
  const { t } = useLingui();
  const { extId = '' } = useParams();
  const { data, error, refetch } = useMyCertificate(extId);
  return (
    <div className={styles['page']}>
      <PageHeader title={t`Replace a certificate`} above={<BackLink />} />
      {data !== undefined ? (
        <Replacing key={extId} certificate={data} />
      ) : error === null ? (
        <Loading />
      ) : (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </div>
  );
}

function Replacing({ certificate }: { readonly certificate: MyCertificate }) {
  const [chosen, setChosen] = useState<ChosenCertificate>();
  const [decided, setDecided] = useState<Verdict>();
  const [outcome, setOutcome] = useState<Outcome>();
  if (outcome !== undefined) return <OutcomeText outcome={outcome} />;

  const condition = conditionOf(certificate, Date.now());
  if (!offersOf(condition).replace) {
    return (
      <Notice tone="warning" title={<Trans>You cannot replace this certificate</Trans>}>
        <ConditionText certificate={certificate} condition={condition} />
      </Notice>
    );
  }
  const choose = (next: ChosenCertificate | undefined) => {
    setChosen(next);
    setDecided(undefined);
  };
  return (
    <div className={styles['stack']}>
      <p>
        <NameOf dn={certificate.subjectDN} />
        {certificate.validity.to !== undefined && (
          <>
            {' · '}
            <Expiry value={certificate.validity.to} />
          </>
        )}
      </p>
      {chosen === undefined ? (
        <CertificateInput onChosen={choose} />
      ) : (
        <CertificateCheck chosen={chosen} replaced={certificate} decided={decided}>
          {(verdict: Verdict, explanation: ExplanationResource) => (
            <ReplaceForm
              {...{ certificate, verdict, explanation, chosen }}
              isDecided={decided !== undefined}
              onDecided={setDecided}
              onDone={setOutcome}
            />
          )}
        </CertificateCheck>
      )}
      {chosen !== undefined && <ChooseAnother onClick={() => choose(undefined)} />}
    </div>
  );
}

function OutcomeText({ outcome: { kind, certificate } }: { readonly outcome: Outcome }) {
  if (certificate.stateName === 'disabled') {
    return (
      <Done title={<Trans>Your certificate is saved, but switched off</Trans>}>
        <Trans>Ask your administrator to switch it on.</Trans>
      </Done>
    );
  }
  if (kind === 'replaced') {
    return (
      <Done title={<Trans>Your certificate is replaced</Trans>}>
        <Trans>Sign in with the new one from now on. The old one no longer works.</Trans>
      </Done>
    );
  }
  return (
    <Done title={<Trans>Your new certificate is added</Trans>}>
      <Trans>
        Sign in with it once. If your organization ends replaced certificates, your old one then shows the day on which
        it ends. Otherwise delete the old one when you no longer need it.
      </Trans>
    </Done>
  );
}
