import { format, inspect } from 'node:util';

import { pino } from 'pino';
import { expect, test } from 'vitest';

import { Secret } from './secret.js';

const VALUE = 'correct horse battery staple';

test.each<[string, (secret: Secret<string>) => string]>([
  ['as text', (secret) => `the ${String(secret)}`],
  ['as JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
  ['inspected', (secret) => inspect({ secret }, { depth: null, showHidden: true })],
  ['formatted', (secret) => format('%s %o %j', secret, secret, secret)],
  ['in the message of an error', (secret) => String(new Error(`no ${String(secret)}`))],
  ['with its own members listed', (secret) => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
])('a secret never prints: %s', (_, print) => {
  expect(print(new Secret(VALUE))).not.toContain('horse');
});

test('a secret never prints: logged', () => {
  const lines: string[] = [];
  pino({}, { write: (line: string) => void lines.push(line) }).info({ secret: new Secret(VALUE) }, 'settings');
  expect(lines.join()).toContain('[secret]');
  expect(lines.join()).not.toContain('horse');
});

test('reveal() returns the value', () => {
  expect(new Secret(VALUE).reveal()).toBe(VALUE);
});
