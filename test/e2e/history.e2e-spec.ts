import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startApp, START_OF_TIME, type TestApp } from '../support/app.js';
import { Builders } from '../support/builders.js';
import { type Answer, CORE, codesOf, send } from '../support/http.js';
import { issueCertificate } from '../support/pki.js';

interface Event {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly version?: number;
  readonly changes?: Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;
}

let app: TestApp;
let builders: Builders;
let token: string;
let user: string;
let users = 0;

beforeAll(async () => {
  app = await startApp();
  builders = new Builders(app.dataSource);
  await builders.client('100');
  await builders.policy('100', 'default');
});

afterAll(async () => await app.close());

beforeEach(async () => {
  users += 1;
  user = `u-${users}`;
  await builders.user('100', user);
  app.clock.set(START_OF_TIME);
  token = await app.token();
});

const certificates = (): string => `${CORE}/100/users/${user}/certificates`;
const path = (): string => `${certificates()}/${user}-cert`;
const pem = async (cn: string): Promise<string> => (await issueCertificate({ subject: `CN=${cn}` })).pem;

/** Each change is a second and a quarter after the previous one. */
const tick = (): void => app.clock.advance(1250);

const request = async (method: string, to: string, body?: object, as = token): Promise<Answer> => {
  const answer = await send(app, method, to, { token: as, ...(body === undefined ? {} : { body }) });
  if (method !== 'GET') tick();
  return answer;
};
const get = async (to: string, as = token): Promise<Answer> => await request('GET', to, undefined, as);
const create = async (cn: string): Promise<Answer> =>
  await request('POST', certificates(), { extId: `${user}-cert`, certificate: await pem(cn) });
const eventsOf = (answer: Answer): Event[] => (answer.body as { items: Event[] }).items;
const tokenOf = (answer: Answer): string | undefined =>
  (answer.body as { _pagination: { continuationToken?: string } })['_pagination'].continuationToken;
const at = (milliseconds: number): string =>
  `${path()}?at=${new Date(Date.parse(START_OF_TIME) + milliseconds).toISOString()}`;

describe('history', () => {
  test('10.2, 10.3 the history has every version, newest first, with what changed, who did it, when and why', async () => {
    await create('first');
    await request('PATCH', path(), { stateName: 'disabled', modificationComment: 'on leave' });
    await request('PATCH', path(), {});
    await request('PATCH', `${path()}/properties`, { floor: '3' });
    await request('PATCH', path(), { certificate: await pem('second') });
    const answer = await get(`${path()}/history?returnTotalResultCount=true`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ _pagination: { limit: 100, totalResult: 4 }, _classifications: {} });
    const events = eventsOf(answer);
    expect(events[1]?.changes).toEqual({ properties: { to: { floor: '3' } } });
    expect(events.map(({ action, version, changes = {} }) => [action, version, Object.keys(changes)])).toEqual([
      ['changed', 4, ['certificate']],
      ['changed', 3, ['properties']],
      ['changed', 2, ['stateName', 'stateChangeReason', 'modificationComment']],
      ['created', 1, expect.arrayContaining(['certificate', 'stateName'])],
    ]);
    expect(events[2]).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/) as string,
      at: '2026-06-01T12:00:01.250Z',
      actor: 'admin-1',
      actorClientExtId: '100',
      action: 'changed',
      kind: 'certificate',
      extId: `${user}-cert`,
      userExtId: user,
      version: 2,
      address: '127.0.0.1',
      changes: {
        stateName: { from: 'active', to: 'disabled' },
        stateChangeReason: { from: 'initialized', to: 'changed-by-admin' },
        modificationComment: { to: 'on leave' },
      },
      reason: 'changed-by-admin',
      comment: 'on leave',
      requestId: expect.any(String) as string,
    });
  });

  test('8.1, 8.2 the pages have each version once', async () => {
    await create('first');
    for (let index = 0; index < 4; index += 1) await request('PATCH', path(), { modificationComment: `c${index}` });
    const seen: (number | undefined)[] = [];
    let query = '?limit=2';
    for (let pages = 0; pages < 3; pages += 1) {
      const answer = await get(`${path()}/history${query}`);
      seen.push(...eventsOf(answer).map(({ version }) => version));
      query = `?limit=2&continuationToken=${tokenOf(answer) ?? 'none'}`;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect(query).toContain('none');
    const bad = await get(`${path()}/history?continuationToken=1_x`);
    expect([bad.status, codesOf(bad)]).toEqual([422, ['errors.invalidData']]);
  });

  test('10.1 the history outlives the credential, and a new one of the same extId has its own', async () => {
    await create('first');
    await request('PATCH', path(), { modificationComment: 'x' });
    await request('DELETE', path());
    expect(eventsOf(await get(`${path()}/history`)).map(({ action }) => action)).toEqual([
      'deleted',
      'changed',
      'created',
    ]);
    expect(eventsOf(await get(`${path()}/history?limit=1`)).map(({ action }) => action)).toEqual(['deleted']);
    const next = await get(
      `${path()}/history?limit=1&continuationToken=${tokenOf(await get(`${path()}/history?limit=1`))}`,
    );
    expect(eventsOf(next).map(({ version }) => version)).toEqual([2]);
    await create('again');
    expect(eventsOf(await get(`${path()}/history`)).map(({ action, version }) => [action, version])).toEqual([
      ['created', 1],
    ]);
  });

  test('10.2 the history of an unknown credential or of another user is 404', async () => {
    expect((await get(`${path()}/history`)).status).toBe(404);
    await create('first');
    const other = `${user}-other`;
    await builders.user('100', other);
    expect((await get(`${CORE}/100/users/${other}/certificates/${user}-cert?at=${START_OF_TIME}`)).status).toBe(404);
    expect((await get(`${CORE}/100/users/${other}/certificates/${user}-cert/history`)).status).toBe(404);
  });
});

describe('?at=', () => {
  test('10.2 ?at= answers the credential as it was, byte by byte', async () => {
    const answers = [
      await create('first'),
      await request('PATCH', path(), { stateName: 'disabled', modificationComment: 'on leave' }),
      await request('PATCH', path(), { certificate: await pem('second') }),
      await request('PATCH', path(), { stateName: 'active' }),
    ];
    await request('PATCH', `${path()}/properties`, { floor: '3' });
    answers.push(await get(path()));
    for (const [index, { body }] of answers.entries()) {
      const then = await get(at(index * 1250));
      expect(then.body).toEqual(body);
      expect(then.headers.get('etag')).toBe(`"${index + 1}"`);
      expect((await get(at(index * 1250 + 1249))).body).toEqual(body);
    }
  });

  test('10.2 an instant without a fraction includes its whole second', async () => {
    app.clock.advance(400);
    const created = await create('first');
    expect((await get(`${path()}?at=${created.body.lastModified}`)).body).toEqual(created.body);
    expect((await get(at(399))).status).toBe(404);
    expect((await get(`${path()}?at=2026-06-01T14:00:00%2B02:00`)).body).toEqual(created.body);
  });

  test('10.2 ?at= is 404 before its creation and after its deletion, and 200 in between', async () => {
    await create('first');
    await request('DELETE', path());
    await create('again');
    const subjects: unknown[] = [];
    for (const instant of [-1, 0, 1249, 1250, 2499, 2500]) {
      const answer = await get(at(instant));
      subjects.push(answer.status === 200 ? answer.body.subjectDN : codesOf(answer)[0]);
    }
    expect(subjects).toEqual([
      'errors.noRecord',
      'CN=first',
      'CN=first',
      'errors.noRecord',
      'errors.noRecord',
      'CN=again',
    ]);
  });

  test('5.3 ?at= shows a temporary lock until its end, and not after it', async () => {
    await create('first');
    await request('PATCH', path(), { stateName: 'tmp-locked' });
    expect((await get(at(1250))).body.stateName).toBe('tmp-locked');
    expect((await get(at(1250 + 59_999))).body.stateName).toBe('tmp-locked');
    expect((await get(at(1250 + 60_000))).body).toMatchObject({ stateName: 'active', version: 2 });
  });

  test.each([
    'yesterday',
    '',
    '2026-06-01',
    '2026-02-31T00:00:00Z',
    '2026-06-01T24:00:01Z',
    '2026-06-01T12:00:00',
    '2026-06-01T12:00:00+02:00',
    '2026-06-01T12:00:00Z%FF',
    '2026-06-01T12:00:00Z%00',
    '2026-06-01T12:00:00Z%C2%A0',
    '2026-06-01T12:00:00%2B99:99',
    '%EF%BC%92026-06-01T12:00:00Z',
  ])('8.3 at=%s is 422', async (text) => {
    await create('first');
    const answer = await get(`${path()}?at=${text}`);
    expect([answer.status, codesOf(answer)]).toEqual([422, ['errors.invalidData']]);
  });

  test('4.4 a self-admin can read their own history only, and only while they are active', async () => {
    await create('first');
    const claims = { roles: ['nevisIdm.SelfAdmin'] };
    const own = await app.token({ ...claims, sub: user });
    const other = await app.token({ ...claims, sub: 'somebody-else' });
    for (const to of [`${path()}/history`, at(0)]) {
      expect((await get(to, own)).status).toBe(200);
      expect(codesOf(await get(to, other))).toEqual(['errors.permissionDenied']);
    }
    await app.dataSource.query(`update users set state = 'disabled' where ext_id = $1`, [user]);
    for (const to of [`${path()}/history`, at(0)]) expect((await get(to, own)).status).toBe(403);
  });

  test('10.1 a new user with the extId of a deleted one sees nothing of the old history; administrators see both', async () => {
    await create('of the former');
    const former = at(0);
    await request('DELETE', `${CORE}/100/users/${user}`);
    await request('POST', `${CORE}/100/users`, { extId: user });
    const own = await app.token({ roles: ['nevisIdm.SelfAdmin'], sub: user });
    for (const to of [`${path()}/history`, former]) {
      expect([(await get(to, own)).status, (await get(to)).status]).toEqual([404, 200]);
    }
    await create('of the present');
    expect(eventsOf(await get(`${path()}/history`, own))).toHaveLength(1);
    expect([(await get(former, own)).status, (await get(former)).status]).toEqual([404, 200]);
  });

  test('4.3 the history needs CredentialView and the data room', async () => {
    await create('first');
    const permissions = ['AccessControl.CredentialView'];
    for (const to of [`${path()}/history`, at(0)]) {
      expect((await get(to, await app.token({ roles: undefined, permissions }))).status).toBe(200);
      expect(codesOf(await get(to, await app.token({ roles: undefined })))).toEqual(['errors.permissionDenied']);
      expect(codesOf(await get(to, await app.token({ roles: undefined, permissions, client_ext_id: '2' })))).toEqual([
        'errors.dataroomDenied',
      ]);
    }
  });
});
