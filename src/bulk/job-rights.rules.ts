import type { Permission } from '../common/permission.js';
import type { JobKind } from './job.model.js';

const CHANGE = ['CredentialView', 'CredentialModify'] as const;

/** The rights that a job requires: those of the single change (contract 17.1). */
const RIGHTS: Readonly<Record<JobKind, readonly Permission[]>> = {
  disable: CHANGE,
  enable: CHANGE,
  move: [...CHANGE, 'CredentialChangeState', 'PolicyView'],
  delete: ['CredentialView', 'CredentialDelete'],
  // Beside those of the job that is undone.
  undo: CHANGE,
  import: ['UserView', 'UserCreate', 'UserModify', 'CredentialView', 'CredentialCreate', 'CredentialModify'],
};

export function rightsOf(kind: JobKind): readonly Permission[] {
  return RIGHTS[kind];
}
