import { Trans, useLingui } from '@lingui/react/macro';

import type { RuleOutcomeResource } from '../../api/generated/types.gen.js';
import { Badge } from '../../components/badge.js';
import { ServerText } from '../../components/server-text.js';
import { RuleName } from '../words/rule-name.js';

import styles from './certificates.module.css';

/** Those that are not met come first. */
export function RuleTable({ rules }: { readonly rules: readonly RuleOutcomeResource[] }) {
  const { t } = useLingui();
  const ordered = rules.toSorted((one, other) => Number(one.passed) - Number(other.passed));
  return (
    <ul className={styles['rules']} aria-label={t`Rules of the policy`}>
      {ordered.map((outcome, index) => (
        <Rule key={index} {...outcome} />
      ))}
    </ul>
  );
}

function Rule({ rule, passed, expected, found, remedy }: RuleOutcomeResource) {
  return (
    <li className={styles['rule']}>
      <div className={styles['ruleHead']}>
        <Badge tone={passed ? 'ok' : 'danger'}>{passed ? <Trans>met</Trans> : <Trans>not met</Trans>}</Badge>
        <RuleName rule={rule} />
      </div>
      <dl className={styles['ruleBody']}>
        <dt>
          <Trans>Expected</Trans>
        </dt>
        <dd>
          <ServerText text={expected} />
        </dd>
        <dt>
          <Trans>Found</Trans>
        </dt>
        <dd>
          <ServerText text={found} />
        </dd>
        {remedy !== undefined && (
          <>
            <dt>
              <Trans>Remedy</Trans>
            </dt>
            <dd>
              <ServerText text={remedy} />
            </dd>
          </>
        )}
      </dl>
    </li>
  );
}
