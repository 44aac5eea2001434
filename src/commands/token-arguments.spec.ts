import { expect, test } from 'vitest';

import { UsageError } from './report.js';
import { readTokenArguments } from './token-arguments.js';

const read = (...args: string[]) => readTokenArguments(args, () => ['nevisIdm.Root', 'nevisIdm.SelfAdmin']);

test('absent options have their defaults', () => {
  expect(read('--sub', 'jane')).toEqual({
    userExtId: 'jane',
    clientExtId: '100',
    roles: [],
    permissions: [],
    dataRoom: undefined,
    seconds: undefined,
    isXToken: false,
  });
});

test('roles, rights and clients may be repeated; a right may have its prefix or not', () => {
  const args = ['--sub=a', '--client=200', '--role=nevisIdm.Root', '--role=nevisIdm.SelfAdmin', '--data-room=*'];
  expect(read(...args, '--permission=CredentialView', '--permission=AccessControl.UserView')).toMatchObject({
    clientExtId: '200',
    roles: ['nevisIdm.Root', 'nevisIdm.SelfAdmin'],
    permissions: ['AccessControl.CredentialView', 'AccessControl.UserView'],
    dataRoom: ['*'],
  });
});

test.each([
  ['90s', 90],
  ['30m', 1_800],
  ['1h', 3_600],
  ['7d', 604_800],
  ['366d', 31_622_400],
])('--expires %s is %d seconds', (text, seconds) => {
  expect(read('--sub', 'jane', '--expires', text)).toMatchObject({ seconds });
});

test.each([
  ['no caller', [], '--sub is missing'],
  ['an invalid caller', ['--sub', 'jane doe'], '--sub must be an extId'],
  ['an invalid client', ['--sub', 'jane', '--client', ''], '--client must be an extId'],
  ['an invalid data room', ['--sub', 'jane', '--data-room', 'all clients'], '--data-room must be the extId'],
  ['an unknown option', ['--sub', 'jane', '--admin'], "Unknown option '--admin'"],
  ['an option without its value', ['--sub'], "'--sub <value>' argument missing"],
  ['an unexpected argument', ['--sub', 'jane', 'now'], "Unexpected argument 'now'"],
  ['an unknown role', ['--sub', 'jane', '--role', 'Root'], 'The roles are nevisIdm.Root, nevisIdm.SelfAdmin.'],
  ['an unknown right', ['--sub', 'jane', '--permission', 'Everything'], 'There is no permission Everything.'],
  ['a time of zero', ['--sub', 'jane', '--expires', '0h'], '--expires must be a time'],
  ['a time without its unit', ['--sub', 'jane', '--expires', '60'], '--expires must be a time'],
  ['more than a year', ['--sub', 'jane', '--expires', '367d'], '--expires must be a time'],
  ['an X-Token with rights', ['--sub', 'jane', '--x-token', '--role', 'nevisIdm.Root'], 'an X-Token has no rights'],
])('%s is refused, with the expected value', (_, args, message) => {
  expect(() => read(...args)).toThrow(UsageError);
  expect(() => read(...args)).toThrow(message);
});

test('--help needs no other option', () => {
  expect(read('--help')).toBeUndefined();
});
