import { Trans } from '@lingui/react/macro';
import { useId, useState } from 'react';

import { ApiError } from '../../api/api-error.js';
import type { ExplanationResource } from '../../api/generated/types.gen.js';
import { Button } from '../../components/button.js';
import type { ChosenCertificate } from './certificate-input.js';
import { ChangeProblem } from './change-problem.js';
import type { MyCertificate } from './queries.js';
import { useAdd } from './use-add.js';
import { useReplace } from './use-replace.js';
import { useSubmit } from './use-submit.js';
import { type Verdict, verdictOfRefusal } from './verdict.js';

import styles from './my.module.css';

/** What has been done, and with which certificate as it is now. */
export interface Outcome {
  readonly kind: 'replaced' | 'added';
  readonly certificate: MyCertificate;
}

interface ReplaceFormProps {
  readonly certificate: MyCertificate;
  readonly chosen: ChosenCertificate;
  readonly explanation: ExplanationResource;
  readonly verdict: Verdict;
  /** Whether the verdict is that of the policy of this credential; the explanation is by the default policy. */
  readonly isDecided: boolean;
  readonly onDecided: (verdict: Verdict) => void;
  readonly onDone: (outcome: Outcome) => void;
}

/** The choice between replacing at once and keeping the old certificate until the new one works. */
export function ReplaceForm(props: ReplaceFormProps) {
  const { certificate, chosen, explanation, verdict, isDecided, onDecided, onDone } = props;
  const { pem } = chosen;
  const [keepsOld, setKeepsOld] = useState(false);
  const replace = useReplace(certificate);
  const add = useAdd();
  const { submit, isPending, error, forget } = useSubmit(async () => {
    if (keepsOld) {
      try {
        onDone({ kind: 'added', certificate: await add(pem) });
      } catch (refusal) {
        const refused = refusal instanceof ApiError ? verdictOfRefusal(refusal) : undefined;
        if (refused === undefined) throw refusal;
        onDecided(refused);
      }
      return;
    }
    const outcome = await replace({ pem, explanation, seen: verdict.kind });
    if (outcome.kind === 'replaced') onDone(outcome);
    else onDecided(outcome.verdict);
  });

  // Another policy may take what the default policy refuses: the password shows it.
  const mayDiffer = !isDecided && explanation.policyExtId !== certificate.policyExtId;
  if (verdict.kind === 'refused' && !mayDiffer) return null;
  return (
    <form
      className={styles['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {verdict.kind === 'accepted' && (
        <KeepOld
          keepsOld={keepsOld}
          onChange={(keeps) => {
            setKeepsOld(keeps);
            forget();
          }}
        />
      )}
      {mayDiffer && (
        <p>
          <Trans>Special rules apply to this certificate. They are checked once you have entered your password.</Trans>
        </p>
      )}
      <div className={styles['actions']}>
        <Button type="submit" variant={verdict.kind === 'accepted' ? 'primary' : 'secondary'} pending={isPending}>
          {verdict.kind === 'refused' ? (
            <Trans>Check with these rules</Trans>
          ) : verdict.kind === 'disabled' ? (
            <Trans>Save it, switched off</Trans>
          ) : keepsOld ? (
            <Trans>Add the new one</Trans>
          ) : (
            <Trans>Replace the old one</Trans>
          )}
        </Button>
      </div>
      <ChangeProblem error={error} />
    </form>
  );
}

interface KeepOldProps {
  readonly keepsOld: boolean;
  readonly onChange: (keepsOld: boolean) => void;
}

function KeepOld({ keepsOld, onChange }: KeepOldProps) {
  const name = useId();
  const choices = [
    {
      keeps: false,
      label: <Trans>Replace the old one now</Trans>,
      help: <Trans>The old certificate stops working at once.</Trans>,
    },
    {
      keeps: true,
      label: <Trans>Keep the old one for now</Trans>,
      help: (
        <Trans>
          Both work for now. Once you have used the new one, the old one may end by itself, or you delete it.
        </Trans>
      ),
    },
  ];
  return (
    <fieldset className={styles['choices']}>
      <legend className={styles['legend']}>
        <Trans>What happens to the old one?</Trans>
      </legend>
      {choices.map(({ keeps, label, help }) => (
        <label key={String(keeps)} className={styles['choice']}>
          <input type="radio" name={name} checked={keepsOld === keeps} onChange={() => onChange(keeps)} />
          <span>
            {label}
            <small className={styles['help']}>{help}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
