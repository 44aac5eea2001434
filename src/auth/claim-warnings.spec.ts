import { createSecretKey } from 'node:crypto';

import { expect, test } from 'vitest';

import { createLogger } from '../http/logger.js';
import { ClaimWarnings } from './claim-warnings.js';

const key = () => ({ key: createSecretKey(Buffer.alloc(32)), algorithms: ['HS256'] });

test('4.1 an unreadable claim is logged once for each claim and form', () => {
  const log: string[] = [];
  const warnings = new ClaimWarnings(createLogger('info', { write: (line: string) => void log.push(line) }));
  const [one, two] = [key(), { ...key(), kid: 'two\u202e' }];
  const roles = { claim: 'roles', found: 'a number', expected: 'a list' };
  for (let time = 0; time < 100; time += 1) {
    warnings.report(roles, one);
    warnings.report(roles, two);
    warnings.report({ ...roles, found: 'null' }, one);
    warnings.report({ ...roles, claim: 'permissions', names: [`UserView${time}`, 'x\n\u202ey'] }, one);
  }
  const said = log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(said.map(({ claim, found, kid, names }) => [claim, found, kid, names])).toEqual([
    ['roles', 'a number', undefined, undefined],
    ['roles', 'a number', String.raw`two\u{202e}`, undefined],
    ['roles', 'null', undefined, undefined],
    ['permissions', 'a number', undefined, ['UserView0', String.raw`x\u{a}\u{202e}y`]],
  ]);
  expect(new Set(said.map(({ level }) => level))).toEqual(new Set([40]));
});
