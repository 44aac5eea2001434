import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

import type { BulkAction, JobResource, JobRowResource } from '../../api/generated/types.gen.js';
import type { Tone } from '../../components/badge.js';

export const ACTIONS: Readonly<Record<JobResource['action'], MessageDescriptor>> = {
  disable: msg`Disable`,
  enable: msg`Enable`,
  move: msg`Move to a policy`,
  delete: msg`Delete`,
  undo: msg`Undo`,
  import: msg`Import`,
};

export const STATUSES: Readonly<Record<JobResource['status'], MessageDescriptor>> = {
  loading: msg`Loading`,
  running: msg`Running`,
  stopped: msg`Stopped`,
  completed: msg`Completed`,
};

export type Result = NonNullable<JobRowResource['result']>;

export const RESULTS: Readonly<Record<Result, { readonly label: MessageDescriptor; readonly tone: Tone }>> = {
  changed: { label: msg`Changed`, tone: 'ok' },
  unchanged: { label: msg`Unchanged`, tone: 'neutral' },
  refused: { label: msg`Refused`, tone: 'danger' },
  gone: { label: msg`Gone`, tone: 'warning' },
};

/** The rights of the server's job-rights.rules.ts; the server decides. */
const CHANGE = ['CredentialView', 'CredentialModify'] as const;
export const RIGHTS: Readonly<Record<JobResource['action'], readonly string[]>> = {
  disable: CHANGE,
  enable: CHANGE,
  move: [...CHANGE, 'CredentialChangeState', 'PolicyView'],
  delete: ['CredentialView', 'CredentialDelete'],
  undo: CHANGE,
  import: ['UserView', 'UserCreate', 'UserModify', 'CredentialView', 'CredentialCreate', 'CredentialModify'],
};

export const BULK_ACTIONS = ['disable', 'enable', 'move', 'delete'] as const satisfies readonly BulkAction[];

/** Of a dry run: what will become of the certificates that change. */
export const EXPECTED: Readonly<Record<BulkAction, MessageDescriptor>> = {
  disable: msg`Will be disabled`,
  enable: msg`Will be enabled`,
  move: msg`Will be moved`,
  delete: msg`Will be deleted`,
};

/** What follows, of so many certificates. */
export const CONSEQUENCES: Readonly<Record<BulkAction, MessageDescriptor>> = {
  disable: msg`Nobody can log in with them until an administrator enables them again. This can be undone within an hour.`,
  enable: msg`Their owners can log in with them at once, unless the policy refuses that. This can be undone within an hour.`,
  move: msg`From then on, the rules of the new policy apply to them. This can be undone within an hour.`,
  delete: msg`The credentials are deleted. This cannot be undone.`,
};
