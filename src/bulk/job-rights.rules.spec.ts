import { expect, it } from 'vitest';

import { rightsOf } from './job-rights.rules.js';
import { JOB_KINDS } from './job.model.js';

it('17.1, 17.3, 17.4 each kind of job requires the rights of the single change', () => {
  const change = ['CredentialView', 'CredentialModify'];
  expect(Object.fromEntries(JOB_KINDS.map((kind) => [kind, rightsOf(kind)]))).toEqual({
    disable: change,
    enable: change,
    move: [...change, 'CredentialChangeState', 'PolicyView'],
    delete: ['CredentialView', 'CredentialDelete'],
    undo: change,
    import: ['UserView', 'UserCreate', 'UserModify', 'CredentialView', 'CredentialCreate', 'CredentialModify'],
  });
});

it('17.1 every job shows certificates, so that none is without CredentialView', () => {
  for (const kind of JOB_KINDS) expect(rightsOf(kind), kind).toContain('CredentialView');
});
