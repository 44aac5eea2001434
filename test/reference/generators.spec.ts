import { Counter, Registry } from 'prom-client';
import { expect, test } from 'vitest';

import { integer } from '../../src/policies/parameter-types.rules.js';
import { parameter } from '../../src/policies/policy-parameters.rules.js';
import { DECLARED_PARAMETERS } from '../../src/policies/policy-types.rules.js';
import { auditEvents } from './audit-events.js';
import { errorCodes } from './error-codes.js';
import { fillPage } from './markdown.js';
import { metrics } from './metrics.js';
import { policyParameters } from './policy-parameters.js';
import { rolesAndRights } from './roles-and-rights.js';
import { RecordedEnvironment, settings } from './settings.js';
import { tokenClaims } from './token-claims.js';

const NEW_PARAMETER = parameter({
  type: integer(1, 9),
  default: 3,
  effect: 'Counts to this number.',
  example: '5',
  rule: '6.1',
});

test('6.1 a parameter that is declared is on the page', () => {
  const regions = policyParameters({ CertificatePolicy: { newParameter: NEW_PARAMETER } });
  expect(regions['CertificatePolicy']).toBe(
    [
      '### newParameter',
      '',
      'Counts to this number.',
      '',
      '- **Type**: whole number',
      '- **Values**: `1` to `9`',
      '- **Default**: `3`',
      '- **Example**: `5`',
      '- **Contract**: [6.1](../contract/nevis.md#6.1)',
    ].join('\n'),
  );
});

test.each(Object.entries(DECLARED_PARAMETERS))(
  '2.12 the examples of a %s are accepted by their types',
  (_type, declared) => {
    for (const [name, { type, example }] of Object.entries(declared)) {
      expect([name, type.read(example)]).toEqual([name, { value: expect.anything() as unknown }]);
    }
  },
);

test('7.1 a code with a status is on the page, and none without its texts', () => {
  const statuses = { 'errors.tooEarly': 425 };
  const texts = { 'errors.tooEarly': { when: 'It is too early.', remedy: 'Wait.' } };
  const examples = { 'errors.tooEarly': { errors: [{ message: 'Wait for a minute.' }] } };
  const { codes = '' } = errorCodes({ statuses, texts, examples });
  expect(codes).toContain('### errors.tooEarly\n\n- **Status**: 425\n- **When**: It is too early.');
  expect(() => errorCodes({ statuses, texts: {}, examples })).toThrow('Nothing describes errors.tooEarly.');
});

test('a metric that is registered is on the page, and none with a label that nothing describes', async () => {
  const registry = new Registry();
  const register = (name: string, labelNames: string[]) =>
    new Counter({ name, help: 'Counts.', labelNames, registers: [registry] });
  register('certkeep_new_total', ['method']);
  const { certkeep } = await metrics(registry);
  expect(certkeep).toContain('| `certkeep_new_total` | counter | `method` | number | Counts. |');
  register('certkeep_other_total', ['colour']);
  await expect(metrics(registry)).rejects.toThrow('Nothing describes the label colour.');
});

test('a setting that is read is on the page with its bounds and defaults, and none without its text', () => {
  const [served, embedded] = [new RecordedEnvironment({}), new RecordedEnvironment({})];
  served.integer('NEW_SETTING' as never, 5, 1, 9);
  embedded.integer('NEW_SETTING' as never, 2, 1, 9);
  const texts = { NEW_SETTING: { group: 'behaviour', effect: 'Counts.' } };
  expect(settings(texts, [served, embedded])['behaviour']).toContain(
    '| `NEW_SETTING` | whole number, 1 to 9 | `5`; embedded mode: `2` | Counts. |',
  );
  expect(() => settings({}, [served])).toThrow('Nothing describes NEW_SETTING.');
  expect(() => settings(texts, [])).toThrow('Nothing reads NEW_SETTING.');
});

test('10.3 an event and a member are on the page', () => {
  const schema = { required: ['id'], properties: { id: { description: 'Its id.', example: 7 }, reason: {} } };
  const { events, members } = auditEvents({ client: { renamed: 'It was renamed.' } }, { renamed: 'A name.' }, schema);
  expect(events).toContain('| `client` | `renamed` | It was renamed. |');
  expect(members).toContain('| `id` | always | Its id. | `7` |\n| `reason` | if it applies |  |  |');
});

test('4.2 a route, a right and a role are on the page', () => {
  const route = { method: 'GET', path: '/clients', selfAdmin: 'withXToken', dataRoom: 'everyClient', needsToken: true };
  const { roles, rights, routes } = rolesAndRights({
    roles: { reader: ['ClientView'] },
    texts: { ClientView: { allows: 'read clients' } },
    routes: [{ ...route, rights: ['AccessControl.ClientView'] }],
  });
  expect(roles).toContain('| `reader` | ClientView |');
  expect(routes).toContain('| GET `/clients` | ClientView | with an X-Token | every client |');
  expect(rights).toContain('- **Roles**: `reader`\n- **Routes**:\n  - GET `/clients`');
});

test('4.1 a claim is on the page under its default name', () => {
  const text = { type: 'text', meaning: 'a tenant', absent: 'none', malformed: 'none', example: '100' };
  const { claims, payload } = tokenClaims({ tenant: text }, { tenant: 'tenant_id' });
  expect(claims).toContain('| `tenant_id` |  | text | a tenant | none | none |');
  expect(payload).toContain('"tenant_id": "100"');
});

test('a page has a place for everything that is generated, and nothing else', async () => {
  const page = `${import.meta.dirname}/../../docs/reference/error-codes.md`;
  await expect(fillPage(page, { list: '', codes: '', more: '' })).rejects.toThrow('has no place for more.');
  await expect(fillPage(page, { list: '' })).rejects.toThrow('nothing generates codes.');
});
