import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';

import type { ExplanationResource, Verdict } from '../../api/generated/types.gen.js';
import type { Tone } from '../../components/badge.js';
import { CheckIcon, WarningIcon } from '../../components/icons.js';
import { ServerText } from '../../components/server-text.js';

import styles from './certificates.module.css';

interface VerdictText {
  readonly tone: Tone;
  readonly text: MessageDescriptor;
}

const LOGIN: Readonly<Partial<Record<Verdict, VerdictText>>> = {
  ok: { tone: 'ok', text: msg`This certificate can log in.` },
  locked: { tone: 'warning', text: msg`This certificate cannot log in: the credential is locked.` },
  disabled: { tone: 'danger', text: msg`This certificate cannot log in: the credential or its user is not active.` },
  failed: {
    tone: 'danger',
    text: msg`This certificate cannot log in: its validity, the policy, the path or revocation refuses it.`,
  },
};

/** Without the verdict itself: a certificate that is registered already would be refused for that alone. */
const RULES_PASS: VerdictText = { tone: 'ok', text: msg`The policy would accept this certificate.` };
const RULES_FAIL: VerdictText = { tone: 'danger', text: msg`The policy would not accept this certificate as it is.` };

function textOf({ purpose, verdict, rules }: ExplanationResource): VerdictText {
  if (purpose === 'upload') return rules.every(({ passed }) => passed) ? RULES_PASS : RULES_FAIL;
  return LOGIN[verdict] ?? { tone: 'danger', text: msg`This certificate cannot log in.` };
}

/** Remedies of rules; that it is registered already needs none. */
function remediesOf({ purpose, remedies, rules }: ExplanationResource): readonly string[] {
  if (purpose === 'login') return remedies;
  return [...new Set(rules.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy])))];
}

/** What was decided, in one sentence, and what would change it. */
export function VerdictNotice({ explanation }: { readonly explanation: ExplanationResource }) {
  const { i18n } = useLingui();
  const { tone, text } = textOf(explanation);
  const remedies = remediesOf(explanation);
  return (
    <div className={styles['verdict']} data-tone={tone}>
      {tone === 'ok' ? <CheckIcon /> : <WarningIcon />}
      <div>
        <p className={styles['strong']}>{i18n._(text)}</p>
        {remedies.length > 0 && (
          <>
            <p>
              <Trans>What would help:</Trans>
            </p>
            <ul className={styles['bullets']}>
              {remedies.map((remedy) => (
                <li key={remedy}>
                  <ServerText text={remedy} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
