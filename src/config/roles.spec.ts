import { expect, test } from 'vitest';

import { PERMISSIONS } from '../common/permission.js';
import { BUILT_IN_ROLES, parseRoles } from './roles.js';

test.each([
  ['malformed JSON', '{', 'it is not JSON'],
  ['a list', '[]', 'it is not a JSON object'],
  ['null', 'null', 'it is not a JSON object'],
  ['a role that is not a list', '{"a": "AccessControl.UserView"}', 'the role a is not a list'],
  ['an unknown right', '{"a": ["UserView"]}', 'the role a names an unknown permission: UserView'],
  ['a right that is not a string', '{"a": [7]}', 'the role a names an unknown permission: 7'],
])('%s is not a table of roles', (_, json, reason) => {
  expect(parseRoles(json)).toBe(reason);
});

test('4.2 a table of roles replaces the built-in one', () => {
  const roles = parseRoles('{"reader": ["AccessControl.CredentialView", "AccessControl.UserView"], "nobody": []}');
  expect(roles).toEqual(
    new Map([
      ['reader', ['CredentialView', 'UserView']],
      ['nobody', []],
    ]),
  );
});

const rightsOf = (role: string) => new Set(BUILT_IN_ROLES[role]);

test('4.2 the built-in roles', () => {
  const views = new Set(['ClientView', 'UserView', 'PolicyConfigurationView', 'PolicyView', 'CredentialView']);
  const userAdmin = new Set([
    ...views,
    'UserCreate',
    'UserModify',
    'UserDelete',
    'UserArchive',
    'CredentialCreate',
    'CredentialModify',
    'CredentialChangeState',
    'CredentialDelete',
  ]);
  const techUser = ['UserCreateTechUser', 'UserModifyTechUser', 'UserArchiveTechUser'];
  expect(rightsOf('nevisIdm.Root')).toEqual(new Set(PERMISSIONS));
  const clientRoot = rightsOf('nevisIdm.ClientRoot');
  expect(PERMISSIONS.filter((right) => !clientRoot.has(right))).toEqual(['ClientCreate', 'ClientDelete']);
  expect(rightsOf('nevisIdm.UserAdmin')).toEqual(userAdmin);
  expect(rightsOf('nevisIdm.SoapTechAccess')).toEqual(new Set([...userAdmin, ...techUser]));
  expect(rightsOf('nevisIdm.Helpdesk')).toEqual(new Set([...views, 'CredentialModify', 'CredentialChangeState']));
  expect(rightsOf('nevisIdm.HistoryView')).toEqual(new Set([...views, 'HistoryView']));
  expect(rightsOf('nevisIdm.Gateway')).toEqual(new Set(['CertificateLogin']));
  expect(rightsOf('nevisIdm.MtlsAdmin')).toEqual(new Set(['MtlsCertificateView', 'MtlsCertificateModify']));
  expect(rightsOf('nevisIdm.SelfAdmin')).toEqual(new Set(['SelfAdmin']));
  expect(Object.keys(BUILT_IN_ROLES)).toHaveLength(9);
});
