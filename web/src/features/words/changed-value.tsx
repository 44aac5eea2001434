import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';

import { CertificateText } from '../../components/certificate-text.js';
import { Instant } from '../../components/instant.js';
import { STATE_NAMES } from '../../components/state-badge.js';
import { RuleSentences } from './rule-sentences.js';
import { STATE_REASONS } from './state-reasons.js';

type Words = Readonly<Record<string, MessageDescriptor>>;

const YES_OR_NO: Words = { true: msg`yes`, false: msg`no` };
const GENDERS: Words = { female: msg`Female`, male: msg`Male`, other: msg`Other` };

/** Members whose values are words of the API. */
const WORDS: Readonly<Record<string, Words>> = {
  stateName: STATE_NAMES,
  userState: STATE_NAMES,
  stateChangeReason: STATE_REASONS,
  defaultPolicy: YES_OR_NO,
  isTechnicalUser: YES_OR_NO,
  gender: GENDERS,
};

const INSTANTS: ReadonlySet<string> = new Set(['validity.from', 'validity.to', 'expires', 'disabledOn']);

/** The value of a member as a person reads it. */
export function ChangedValue({ member, text }: { readonly member: string; readonly text: string }) {
  const { i18n } = useLingui();
  const words = WORDS[member]?.[text];
  if (words !== undefined) return i18n._(words);
  if (INSTANTS.has(member) && !Number.isNaN(Date.parse(text))) return <Instant value={text} />;
  if (member === 'stateChangeDetail') return <RuleSentences text={text} />;
  return <CertificateText text={text} />;
}
