import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { send } from '../support/http.js';

const ORIGIN = 'https://console.example';
const ANOTHER = 'https://attacker.example';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await Fixture.start({ corsOrigins: [ORIGIN] });
});

afterAll(async () => await fixture.app.close());

const preflight = async (origin: string) =>
  await send(fixture.app, 'OPTIONS', fixture.path(), {
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization,content-type,if-match,x-token',
    },
  });

const readableMembers = (headers: Headers) => headers.get('Access-Control-Expose-Headers')?.split(',');

test('4.5 a console of another origin reads the challenge that tells it to ask for the password', async () => {
  const own = await fixture.app.token({ roles: ['nevisIdm.SelfAdmin'], sub: 'helper-7' });
  const { status, headers } = await send(fixture.app, 'POST', fixture.path(), {
    token: own,
    headers: { Origin: ORIGIN },
    body: {},
  });
  expect([status, headers.get('WWW-Authenticate'), headers.get('Access-Control-Allow-Origin')]).toEqual([
    401,
    'Bearer error="insufficient_user_authentication"',
    ORIGIN,
  ]);
  expect(readableMembers(headers)).toEqual(expect.arrayContaining(['WWW-Authenticate', 'ETag', 'Retry-After']));
});

test('7.1 a browser may send a change from a listed origin, and from no other one', async () => {
  const listed = await preflight(ORIGIN);
  expect([listed.status, listed.headers.get('Access-Control-Allow-Origin')]).toEqual([204, ORIGIN]);
  expect(listed.headers.get('Access-Control-Allow-Methods')).toContain('PATCH');
  expect(listed.headers.get('Access-Control-Allow-Headers')).toContain('x-token');
  const other = await preflight(ANOTHER);
  expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
});
