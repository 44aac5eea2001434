import { useLingui } from '@lingui/react/macro';

import { ServerText } from '../../components/server-text.js';
import { RULE_NAMES } from './rule-names.js';

const RULE = /(^|; )(\w+)(?=: expected )/g;

/** What the server says about failed rules, each with its name in words. The rest of the sentences is in English. */
export function RuleSentences({ text }: { readonly text: string }) {
  const { i18n } = useLingui();
  const named = text.replaceAll(RULE, (whole, start: string, rule: string) => {
    const name = RULE_NAMES[rule];
    return name === undefined ? whole : `${start}${i18n._(name)}`;
  });
  return <ServerText text={named} />;
}
