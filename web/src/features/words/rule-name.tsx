import { useLingui } from '@lingui/react/macro';

import { RULE_NAMES } from './rule-names.js';

import styles from './words.module.css';

/** A rule in words, and the name that it has in the policy. */
export function RuleName({ rule }: { readonly rule: string }) {
  const { i18n } = useLingui();
  const name = RULE_NAMES[rule];
  if (name === undefined) return <code>{rule}</code>;
  return (
    <>
      <strong>{i18n._(name)}</strong> <code className={styles['quiet']}>{rule}</code>
    </>
  );
}
