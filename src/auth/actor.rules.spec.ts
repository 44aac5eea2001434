import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Permission } from '../common/permission.js';
import { BUILT_IN_ROLES } from '../config/roles.js';
import { actorFromClaims } from './actor.rules.js';
import type { ClaimProblem, Claims } from './claims.rules.js';

const NAMES = { client: 'client_ext_id', permissions: 'permissions', roles: 'roles', dataRoom: 'data_room' };
const ROLES = new Map<string, readonly Permission[]>([
  ['reader', ['ClientView', 'UserView']],
  ['writer', ['UserModify']],
]);

function read(claims: Readonly<Record<string, unknown>>, names: Partial<typeof NAMES> = {}) {
  const problems: ClaimProblem[] = [];
  const all = { sub: 'jane', client_ext_id: '100', ...claims };
  const actor = actorFromClaims(all, { ...NAMES, ...names }, ROLES, (problem) => problems.push(problem));
  const { dataRoom, permissions = [] } = actor ?? {};
  return {
    actor: actor === undefined ? undefined : `${actor.clientExtId}/${actor.userExtId}`,
    rights: [...permissions].join(' '),
    dataRoom: dataRoom instanceof Set ? [...dataRoom].join(' ') : dataRoom,
    expectations: problems.map(({ expected }) => expected),
    problems: problems.map(({ claim, found, names: shown = [] }) => [claim, found, ...shown].join('|')),
  };
}

test.each<[string, object, string]>([
  ['a list of roles', { roles: ['reader', 'writer'] }, 'ClientView UserView UserModify'],
  ['one text of roles', { roles: ' reader\twriter\n' }, 'ClientView UserView UserModify'],
  ['a list of rights', { permissions: ['AccessControl.UserView'] }, 'UserView'],
  ['one text of rights', { permissions: 'AccessControl.UserView AccessControl.UserModify' }, 'UserView UserModify'],
  ['both', { permissions: ['AccessControl.SelfAdmin'], roles: 'writer' }, 'SelfAdmin UserModify'],
  ['roles with those of other applications', { roles: ['offline_access', 'reader'] }, 'ClientView UserView'],
  [
    'rights with roles of other applications only',
    { permissions: 'AccessControl.UserView', roles: 'other' },
    'UserView',
  ],
  ['an empty list', { roles: [] }, ''],
  ['an empty text', { permissions: ' ' }, ''],
  ['neither', {}, ''],
])('4.1 ok/%s is read without a warning', (_, claims, rights) => {
  expect(read(claims as Record<string, unknown>)).toMatchObject({ rights, problems: [] });
});

test.each<[string, object, string, string[]]>([
  ['an object', { roles: { 0: 'reader' } }, '', ['roles|an object']],
  ['a number', { permissions: 7 }, '', ['permissions|a number']],
  ['null', { roles: null }, '', ['roles|null']],
  ['true', { roles: true }, '', ['roles|a boolean']],
  ['a list with other values', { roles: ['reader', 7] }, 'ClientView UserView', ['roles|a list with a number in it']],
  ['a list in a list', { roles: [['reader']] }, '', ['roles|a list with a list in it']],
  [
    'rights without their prefix, or in another case',
    { permissions: ['AccessControl.UserView', 'UserModify', 'accesscontrol.clientview', 'profile'] },
    'UserView',
    ['permissions|misspelt rights|UserModify|accesscontrol.clientview'],
  ],
  ['unknown roles only', { roles: ['a', 'b', 'c', 'd', 'e', 'f'] }, '', ['roles|names that grant no right|a|b|c|d|e']],
  ['unknown rights only', { permissions: 'openid' }, '', ['permissions|names that grant no right|openid']],
  [
    'names of object members',
    { roles: ['__proto__', 'toString'] },
    '',
    ['roles|names that grant no right|__proto__|toString'],
  ],
])('4.1 fail/%s gives no rights and is reported', (_, claims, rights, problems) => {
  expect(read(claims as Record<string, unknown>)).toMatchObject({ rights, problems });
});

test.each<[string, unknown, string, string[]]>([
  ['ok/absent: the own client', undefined, '100', []],
  ['ok/without clients: the own client', {}, '100', []],
  ['ok/some clients', { clients: ['200', '300'] }, '200 300', []],
  ['ok/one client', { clients: ['200'] }, '200', []],
  ['ok/all clients', { clients: ['*'] }, 'all', []],
  ['ok/no client', { clients: [] }, '', []],
  ['fail/a text', '*', '', ['data_room|a text']],
  ['fail/null', null, '', ['data_room|null']],
  ['fail/a list', ['*'], '', ['data_room|a list']],
  ['fail/clients as a text', { clients: '*' }, '', ['data_room|clients: a text']],
  ['fail/clients as null', { clients: null }, '', ['data_room|clients: null']],
  ['fail/other values', { clients: ['100', 200] }, '', ['data_room|clients: a list with values that are not text']],
  [
    'fail/an invalid client name among valid ones',
    { clients: ['200', 'a\u0000', '\ud800', '', '.', 'ä', 'x'.repeat(51)] },
    '200',
    ['data_room|clients: text that is not an extId'],
  ],
  [
    'fail/* among other names',
    { clients: ['*', '200'] },
    '200',
    ['data_room|clients: * together with others, which is ignored'],
  ],
])('4.1 data room %s', (_, dataRoom, reached, problems) => {
  const claims = { roles: 'reader', ...(dataRoom === undefined ? {} : { data_room: dataRoom }) };
  expect(read(claims)).toMatchObject({ dataRoom: reached, problems });
});

test('4.1 a data room from a prototype is ignored', () => {
  expect(read({ data_room: JSON.parse('{"__proto__":{"clients":["*"]}}') as unknown })).toMatchObject({
    dataRoom: '100',
  });
});

test.each<[string, object, string[]]>([
  ['no client', { client_ext_id: undefined }, ['client_ext_id|nothing']],
  ['a client that is a number', { client_ext_id: 100 }, ['client_ext_id|a number']],
  ['a client in a list', { client_ext_id: ['100'] }, ['client_ext_id|a list']],
  ['an empty client', { client_ext_id: '' }, ['client_ext_id|text that is not a valid name']],
  ['no user', { sub: undefined }, ['sub|nothing']],
  ['a user with a control character', { sub: 'a\nb' }, ['sub|text that is not a valid name']],
  ['neither', { sub: 7, client_ext_id: null }, ['sub|a number', 'client_ext_id|null']],
])('4.1 fail/%s gives no actor and is reported', (_, claims, problems) => {
  expect(read(claims as Record<string, unknown>)).toMatchObject({ actor: undefined, problems });
});

test.each<[string, object, string]>([
  ['a client that is no name', { client_ext_id: 7 }, 'text of 1 to 255 characters without control characters'],
  ['roles that are no list', { roles: 7 }, 'a list of texts, or one text with words'],
  ['a misspelt right', { permissions: ['UserView'] }, 'rights in the form AccessControl.CredentialView'],
  ['a role that is not configured', { roles: ['unknown'] }, 'a configured role, or a right'],
  ['a data room that is no object', { data_room: '*' }, '{"clients": ["100", …]} or {"clients": ["*"]}'],
])('4.1 the warning on %s says what is expected', (_, claims, expected) => {
  expect(read(claims as Record<string, unknown>).expectations).toEqual([expected]);
});

test('4.1 a misspelt right that leaves no right is one warning, not two', () => {
  expect(read({ permissions: ['UserView'] }).problems).toEqual(['permissions|misspelt rights|UserView']);
});

test.each<[string, string, string, string]>([
  ['a path', 'realm_access.roles', '{"realm_access":{"roles":["reader"]}}', 'ClientView UserView'],
  ['a longer path', 'a.b.c', '{"a":{"b":{"c":"writer"}}}', 'UserModify'],
  ['a name with dots precedes a path', 'a.b', '{"a.b":"writer","a":{"b":"reader"}}', 'UserModify'],
  ['a name with dots precedes a path, even if empty', 'a.b', '{"a.b":[],"a":{"b":"reader"}}', ''],
  ['a URL', 'https://acme.example/roles', '{"https://acme.example/roles":"writer"}', 'UserModify'],
  [
    'a step with dots',
    'resource_access.api.acme.roles',
    '{"resource_access":{"api.acme":{"roles":["writer"]}}}',
    'UserModify',
  ],
  ['nothing there', 'a.b', '{"a":{}}', ''],
  ['a part of a step', 'abc.d', '{"ab":{".d":"writer"}}', ''],
  ['a text on the way', 'a.length', '{"a":"text"}', ''],
  ['a list on the way', 'a.0', '{"a":["writer"]}', ''],
  ['null on the way', 'a.b', '{"a":null}', ''],
  ['a member of every object', 'constructor.name', '{}', ''],
  ['a prototype', '__proto__.roles', '{"a":1}', ''],
  ['a claim with that name', '__proto__.roles', '{"__proto__":{"roles":"writer"}}', 'UserModify'],
  ['empty steps', '.a.', '{"a":"writer"}', ''],
])('4.1 claims by path: %s', (_, path, token, rights) => {
  const claims = JSON.parse(token) as Record<string, unknown>;
  // Spreading would lose a member called __proto__.
  Object.assign(claims, { sub: 'jane', client_ext_id: '100' });
  const actor = actorFromClaims(claims, { ...NAMES, roles: path }, ROLES, () => {});
  expect([...(actor?.permissions ?? [])].join(' ')).toBe(rights);
});

test('4.1 client and data room can be nested under a path', () => {
  const claims = { client_ext_id: undefined, acme: { tenant: '200', room: { clients: ['200', '300'] } } };
  expect(read(claims, { client: 'acme.tenant', dataRoom: 'acme.room' })).toMatchObject({
    actor: '200/jane',
    dataRoom: '200 300',
  });
});

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'reference', 'token-claims.md'), 'utf8');

/** The actor of the payload in a part of the page, with the claim names that the part sets. */
function readDocumented(part: string) {
  const [, payload = ''] = /```json\n(\{\s*"iss".*?)```/s.exec(part) ?? [];
  const set = (name: keyof typeof NAMES) =>
    new RegExp(`^JWT_CLAIM_${name.toUpperCase()}=(.*)$`, 'm').exec(part)?.[1] ?? NAMES[name];
  const problems: ClaimProblem[] = [];
  const roles = new Map(Object.entries(BUILT_IN_ROLES));
  const names = { ...NAMES, client: set('client'), roles: set('roles') };
  const actor = actorFromClaims(JSON.parse(payload) as Claims, names, roles, (problem) => problems.push(problem));
  return { actor, problems };
}

test('4.1 the documented token is read without a warning', () => {
  const { actor, problems } = readDocumented(PAGE.slice(0, PAGE.indexOf('## ')));
  expect([actor?.userExtId, actor?.clientExtId, problems]).toEqual(['jane.doe', '100', []]);
  expect([actor?.permissions.has('UserModify'), actor?.permissions.has('HistoryView')]).toEqual([true, true]);
  expect(actor?.dataRoom).toEqual(new Set(['100', '200']));
});

test.each(['Keycloak', 'Microsoft Entra ID'])(
  '4.1 the payload of the recipe for %s is read without a warning',
  (name) => {
    const [part = ''] = PAGE.split(/^## /m).filter((one) => one.startsWith(name));
    const { actor, problems } = readDocumented(part);
    expect([actor?.permissions.has('UserModify'), problems]).toEqual([true, []]);
  },
);
