import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';

import type { ErrorCode } from '../../api/generated/types.gen.js';

/** Why a write was refused: the codes that the audit log has (contract 10.1). */
const REFUSALS: Readonly<Partial<Record<ErrorCode, MessageDescriptor>>> = {
  'errors.unauthenticated': msg`The user had not confirmed it with their password.`,
  'errors.permissionDenied': msg`The caller lacks a right that this needs.`,
  'errors.optimisticLockingFailure': msg`Somebody else had changed it in the meantime.`,
  'errors.certificatePolicyViolated': msg`The certificate breaks a rule of its policy.`,
  'errors.pwdPolicyViolated': msg`The password breaks a rule of its policy.`,
  'errors.policyViolation': msg`The user has as many certificates as a user may have.`,
};

export function RefusalText({ code }: { readonly code: ErrorCode }) {
  const { i18n } = useLingui();
  const text = REFUSALS[code];
  return text === undefined ? <code>{code}</code> : <span title={code}>{i18n._(text)}</span>;
}
