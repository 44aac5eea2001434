import { Plural, Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/client.js';
import { explainUserCertificate } from '../../api/generated/sdk.gen.js';
import type { ExplanationResource } from '../../api/generated/types.gen.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { Loading } from '../../components/loading.js';
import type { ChosenCertificate } from './certificate-input.js';
import { useMe } from './me.js';
import { Notice } from './notice.js';
import type { MyCertificate } from './queries.js';
import { CertificateFacts, Comparison, VerdictView } from './verdict-view.js';
import { type Verdict, isSameCertificate, verdictOfExplanation, verdictOfRefusal } from './verdict.js';

import styles from './my.module.css';

interface CertificateCheckProps {
  readonly chosen: ChosenCertificate;
  readonly replaced?: MyCertificate;
  /** What the server has decided since, with the password; it counts instead of the explanation. */
  readonly decided: Verdict | undefined;
  /** What can be done with it. */
  readonly children: (verdict: Verdict, explanation: ExplanationResource) => ReactNode;
}

/** Asks the server what would become of the certificate, and says it in words. Nothing changes by that. */
export function CertificateCheck({ chosen, replaced, decided, children }: CertificateCheckProps) {
  const { path } = useMe();
  const { pem, count } = chosen;
  const { data, error, refetch } = useQuery({
    queryKey: ['my explanation', pem],
    queryFn: async ({ signal }) => await call(explainUserCertificate({ path, body: { certificate: pem }, signal })),
  });
  if (error instanceof ApiError) {
    const refusal = verdictOfRefusal(error);
    if (refusal !== undefined) return <VerdictView verdict={refusal} />;
  }
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (replaced !== undefined && isSameCertificate(data, replaced)) {
    return (
      <Notice tone="neutral" title={<Trans>This is the certificate that you have here already</Trans>}>
        <Trans>Choose the new one to replace it.</Trans>
      </Notice>
    );
  }
  const verdict = decided ?? verdictOfExplanation(data, replaced !== undefined);
  return (
    <div className={styles['stack']}>
      <VerdictView verdict={verdict} />
      {count > 1 && (
        <Notice tone="neutral">
          <Plural
            value={count}
            one="There is # certificate in it."
            other="There are # certificates in it. The first one was taken: check that it is yours."
          />
        </Notice>
      )}
      <CertificateFacts certificate={data.certificate} />
      {replaced !== undefined && <Comparison certificate={data.certificate} replaced={replaced} />}
      {children(verdict, data)}
    </div>
  );
}
