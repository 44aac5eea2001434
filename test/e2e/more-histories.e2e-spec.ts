import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, CORE, send } from '../support/http.js';

/** Histories of users and policies (contract 10.2); those of certificates are in `history.e2e-spec.ts`. */
interface Event {
  readonly version?: number;
  readonly action: string;
  readonly changes?: Readonly<Record<string, unknown>>;
}

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start();
});

afterAll(async () => await fixture.app.close());

const request = async (method: string, path: string, body?: object): Promise<Answer> =>
  await send(fixture.app, method, `${CORE}/100${path}`, { token: fixture.token, body });
const eventsOf = ({ body }: Answer): readonly Event[] => (body as unknown as { items: Event[] }).items;

const RESOURCES = [
  ['user', '/users/u-1', '/users', { extId: 'u-1', remarks: 'a' }, { remarks: 'b' }, 'remarks', 'UserView'],
  [
    'policy',
    '/policies/p-1',
    '/policies',
    { extId: 'p-1', policyType: 'CertificatePolicy', description: 'a', parameters: {} },
    { description: 'b' },
    'description',
    'PolicyView',
  ],
] as const;

test.each(RESOURCES)(
  '10.2 the history of a %s has each version with its values, of a deleted one, too, and begins anew',
  async (_, path, list, creation, change, member) => {
    expect((await request('POST', list, creation)).status).toBe(201);
    fixture.app.clock.advance(1000);
    await request('PATCH', path, change);
    const events = eventsOf(await request('GET', `${path}/history`));
    expect(events.map(({ version, action }) => [version, action])).toEqual([
      [2, 'changed'],
      [1, 'created'],
    ]);
    expect(events[0]?.changes).toEqual({ [member]: { from: 'a', to: 'b' } });
    expect(events[1]?.changes).toMatchObject({ [member]: { to: 'a' } });

    await request('DELETE', path);
    expect(eventsOf(await request('GET', `${path}/history?limit=1`)).map(({ action }) => action)).toEqual(['deleted']);
    await request('POST', list, creation);
    expect(eventsOf(await request('GET', `${path}/history`)).map(({ version }) => version)).toEqual([1]);
  },
);

test.each(RESOURCES)('4.3 the history of a %s needs the right to read it, in the data room', async (...resource) => {
  const [, path, , , , , right] = resource;
  const asked = async (claims: object, client = '100') =>
    await send(fixture.app, 'GET', `${CORE}/${client}${path}/history`, {
      token: await fixture.app.token({ roles: undefined, ...claims }),
    });
  const data_room = { clients: ['100'] };
  expect((await asked({ permissions: [`AccessControl.${right}`], data_room })).status).toBe(200);
  expect(codesOf(await asked({ permissions: ['AccessControl.HistoryView'], data_room }))).toEqual([
    'errors.permissionDenied',
  ]);
  expect(codesOf(await asked({ permissions: [`AccessControl.${right}`], data_room }, '200'))).toEqual([
    'errors.dataroomDenied',
  ]);
  expect((await request('GET', `${path}-unknown/history`)).status).toBe(404);
});

test('10.2 a policy is read as it was when a certificate was evaluated by it', async () => {
  const path = '/policies/past';
  const body = { extId: 'past', policyType: 'CertificatePolicy', name: 'Past', parameters: { maxValidityDays: '397' } };
  const created = await request('POST', '/policies', body);
  const then = fixture.app.clock.now().toISOString();
  fixture.app.clock.advance(60_000);
  await request('PATCH', path, { parameters: { keyTypes: 'Ed25519' } });
  const past = await request('GET', `${path}?at=${then}`);
  expect([past.status, past.body, past.headers.get('etag')]).toEqual([200, created.body, null]);
  expect((await request('GET', `${path}?at=2020-01-01T00:00:00Z`)).status).toBe(404);
  expect(codesOf(await request('GET', `${path}?at=yesterday`))).toEqual(['errors.invalidData']);
  expect((await request('GET', path)).body).toMatchObject({ version: 2, parameters: { keyTypes: 'Ed25519' } });
});
