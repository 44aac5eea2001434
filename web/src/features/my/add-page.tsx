import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import { Button } from '../../components/button.js';
import { PageHeader } from '../../components/page.js';
import { BackLink } from './back-link.js';
import { CertificateCheck } from './certificate-check.js';
import { type ChosenCertificate, CertificateInput } from './certificate-input.js';
import { ChangeProblem } from './change-problem.js';
import { ChooseAnother } from './choose-another.js';
import { Done } from './done.js';
import { useAdd } from './use-add.js';
import { useSubmit } from './use-submit.js';
import { type Verdict, verdictOfRefusal } from './verdict.js';

import styles from './my.module.css';

export function AddPage() {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<ChosenCertificate>();
  const [decided, setDecided] = useState<Verdict>();
  const [isDisabled, setDisabled] = useState<boolean>();
  const choose = (next: ChosenCertificate | undefined) => {
    setChosen(next);
    setDecided(undefined);
  };
  return (
    <div className={styles['page']}>
      <PageHeader title={t`Add a certificate`} above={<BackLink />} />
      {isDisabled !== undefined ? (
        <Added isDisabled={isDisabled} />
      ) : chosen === undefined ? (
        <CertificateInput onChosen={choose} />
      ) : (
        <div className={styles['stack']}>
          <CertificateCheck chosen={chosen} decided={decided}>
            {(verdict) => <AddForm pem={chosen.pem} verdict={verdict} onRefused={setDecided} onAdded={setDisabled} />}
          </CertificateCheck>
          <ChooseAnother onClick={() => choose(undefined)} />
        </div>
      )}
    </div>
  );
}

interface AddFormProps {
  readonly pem: string;
  readonly verdict: Verdict;
  readonly onRefused: (verdict: Verdict) => void;
  readonly onAdded: (isDisabled: boolean) => void;
}

function AddForm({ pem, verdict, onRefused, onAdded }: AddFormProps) {
  const add = useAdd();
  const { submit, isPending, error } = useSubmit(async () => {
    try {
      const { stateName } = await add(pem);
      onAdded(stateName === 'disabled');
    } catch (refusal) {
      const refused = refusal instanceof ApiError ? verdictOfRefusal(refusal) : undefined;
      if (refused === undefined) throw refusal;
      onRefused(refused);
    }
  });
  if (verdict.kind === 'refused') return null;
  const isAccepted = verdict.kind === 'accepted';
  return (
    <>
      <div className={styles['actions']}>
        <Button variant={isAccepted ? 'primary' : 'secondary'} pending={isPending} onClick={() => submit()}>
          {isAccepted ? <Trans>Add this certificate</Trans> : <Trans>Save it, switched off</Trans>}
        </Button>
      </div>
      <ChangeProblem error={error} />
    </>
  );
}

function Added({ isDisabled }: { readonly isDisabled: boolean }) {
  if (isDisabled) {
    return (
      <Done title={<Trans>Your certificate is saved, but switched off</Trans>}>
        <Trans>Ask your administrator to switch it on.</Trans>
      </Done>
    );
  }
  return (
    <Done title={<Trans>Your certificate is added</Trans>}>
      <Trans>You can sign in with it from now on.</Trans>
    </Done>
  );
}
