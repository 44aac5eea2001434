import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';

import type { CredentialState, StateChangeReason } from '../../api/generated/types.gen.js';

import styles from './certificates.module.css';

/** What follows from a state, for its owner and for administrators (contract 5.1, 5.2, 6.4, 13.4). */
const STATES: Readonly<Record<Exclude<CredentialState, 'disabled'>, readonly MessageDescriptor[]>> = {
  initial: [
    msg`It can be used to log in.`,
    msg`Its owner can activate it, replace it, disable it or delete it. An administrator can also lock it.`,
  ],
  active: [
    msg`It can be used to log in.`,
    msg`Its owner can replace it, disable it or delete it. An administrator can also lock it.`,
  ],
  'admin-changed': [
    msg`It can be used to log in. An administrator changed it, and its owner should confirm that.`,
    msg`Its owner can activate it, replace it, disable it or delete it.`,
  ],
  'tmp-locked': [
    msg`Nobody can log in with it. The lock ends by itself.`,
    msg`Only an administrator can unlock it before. Until then its owner can neither replace nor delete it.`,
  ],
  'fail-locked': [
    msg`Nobody can log in with it until an administrator unlocks it.`,
    msg`Until then its owner can neither replace nor delete it.`,
  ],
  'reset-code': [
    msg`Nobody can log in with it.`,
    msg`Only an administrator can enable it. Until then its owner can neither replace nor delete it.`,
  ],
  archived: [msg`It is archived for good: nobody can log in with it or change it. An administrator can delete it.`],
};

const BY_PERSON = [
  msg`Nobody can log in with it.`,
  msg`Only an administrator can enable it. If an administrator disabled it, its owner can neither replace nor delete it.`,
];

const DISABLED: Readonly<Partial<Record<StateChangeReason, readonly MessageDescriptor[]>>> = {
  'changed-by-user': [
    msg`Nobody can log in with it. Its owner disabled it.`,
    msg`Only an administrator can enable it. Its owner can replace it or delete it.`,
  ],
  'policy-check-failed': [
    msg`Nobody can log in with it. The policy disabled it.`,
    msg`A certificate that satisfies the policy enables it: its owner or an administrator can replace it. An administrator can also enable it as it is.`,
  ],
  'cert-revoked': [
    msg`Nobody can log in with it, because its issuer has revoked it, or a CA above it.`,
    msg`While the evidence says so, nobody can enable it. Its owner or an administrator can replace it with a certificate that satisfies the policy. If it is only on hold, it is enabled again by itself once newer evidence says that it is good.`,
  ],
};

interface NextStepsProps {
  readonly state: CredentialState;
  readonly reason: StateChangeReason;
}

/** Who may do what next. */
export function NextSteps({ state, reason }: NextStepsProps) {
  const { i18n } = useLingui();
  const sentences = state === 'disabled' ? (DISABLED[reason] ?? BY_PERSON) : STATES[state];
  return <p className={styles['next']}>{sentences.map((sentence) => i18n._(sentence)).join(' ')}</p>;
}
