import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { type JWTHeaderParameters, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Fixture } from '../support/fixture.js';
import { type Answer, codesOf, send } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';

let fixture: Fixture;
let credential: string;

beforeAll(async () => {
  fixture = await Fixture.start();
  credential = await fixture.register('cert-1');
});

afterAll(async () => await fixture.app.close());

const seconds = () => Math.floor(fixture.app.clock.now().getTime() / 1000);
const text64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const claimsOf = () => ({
  sub: 'admin-1',
  client_ext_id: '100',
  roles: ['nevisIdm.Root'],
  iss: 'certkeep',
  aud: 'certkeep',
  exp: seconds() + 3600,
});

async function sign(header: JWTHeaderParameters, key: KeyObject = fixture.app.tokenKey): Promise<string> {
  return await new SignJWT(claimsOf()).setProtectedHeader(header).sign(key);
}

/** Every 401 is the same, except for the request id. */
function expectGenericRefusal(answer: Answer): void {
  const requestId = answer.headers.get('x-request-id');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="certkeep"');
  expect(answer.body).toEqual({
    errors: [{ code: 'errors.unauthenticated', message: 'A valid token is required.', requestId }],
  });
}

const get = async (token?: string) => await send(fixture.app, 'GET', credential, { token });

test.each<[string, Record<string, unknown>]>([
  ['that expired more than 60 seconds ago', { exp: -61 }],
  ['without exp', { exp: undefined }],
  ['with an exp that is no number', { exp: 'tomorrow' }],
  ['of another issuer', { iss: 'somebody' }],
  ['without issuer', { iss: undefined }],
  ['for another audience', { aud: 'certkeep:x-token' }],
  ['without audience', { aud: undefined }],
  ['that is not valid yet', { nbf: 61 }],
  ['without subject', { sub: undefined }],
  ['with a subject that is no text', { sub: 7 }],
  ['with a control character in its subject', { sub: 'a\nb' }],
  ['without client', { client_ext_id: undefined }],
  ['9 KiB long', { roles: ['x'.repeat(9 * 1024)] }],
])('4.1 a token %s is refused', async (_, claims) => {
  const times = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      typeof value === 'number' && name !== 'sub' ? seconds() + value : value,
    ]),
  );
  expectGenericRefusal(await get(await fixture.app.token(times)));
});

test('4.1 clocks may differ by 60 seconds, and a cached token expires', async () => {
  const { app } = fixture;
  const token = await app.token({ exp: seconds() - 59, nbf: seconds() + 59 });
  expect((await get(token)).status).toBe(200);
  app.clock.advance(1000);
  expectGenericRefusal(await get(token));
  app.clock.advance(-1000);
});

/** The octets that this base64url stands for, with one bit of the last one changed. */
function withOtherEnd(signature: string): string {
  const octets = Buffer.from(signature, 'base64url');
  const last = octets.length - 1;
  octets.writeUInt8(octets.readUInt8(last) ^ 1, last);
  return octets.toString('base64url');
}

test('4.1 a forged signature, no signature, and half a token are refused', async () => {
  const token = await fixture.app.token();
  const [header, payload, signature = ''] = token.split('.');
  const none = `${text64({ alg: 'none' })}.${payload}`;
  const otherKey = createSecretKey(Buffer.alloc(48, 1));
  for (const forged of [
    `${none}.`,
    none,
    `${none}.${signature}`,
    `${text64({ alg: 'nOnE' })}.${payload}.`,
    `${header}.${payload}.${withOtherEnd(signature)}`,
    `${header}.${text64({ ...claimsOf(), sub: 'other' })}.${signature}`,
    await sign({ alg: 'HS256' }, otherKey),
    'x',
    '',
    `${token}.x`,
  ]) {
    expectGenericRefusal(await get(forged));
  }
});

test('4.1 the key decides the algorithm, and crit is always refused', async () => {
  expectGenericRefusal(await get(await sign({ alg: 'HS512' })));
  const [, payload] = (await fixture.app.token()).split('.');
  expectGenericRefusal(await get(`${text64({ alg: 'HS256', crit: ['exp'], exp: 1 })}.${payload}.AAAA`));
  const understood = await new SignJWT(claimsOf())
    .setProtectedHeader({ alg: 'HS256', crit: ['b64'], b64: true })
    .sign(fixture.app.tokenKey);
  expectGenericRefusal(await get(understood));
});

test('4.1 the scheme has any case; the token is never taken from the query or from two headers', async () => {
  const { app, token } = fixture;
  for (const scheme of ['bearer', 'BEARER', 'BeArEr']) {
    const answer = await send(app, 'GET', credential, { headers: { Authorization: `${scheme} ${token}` } });
    expect(answer.status).toBe(200);
  }
  for (const header of [token, `Basic ${token}`, `Bearer ${token}, Bearer ${token}`, 'Bearer', `Bearer${token}`]) {
    expectGenericRefusal(await send(app, 'GET', credential, { headers: { Authorization: header } }));
  }
  expectGenericRefusal(await send(app, 'GET', `${credential}?access_token=${token}`));
  const twice = await sendRaw(app, 'GET', credential, [
    ['Authorization', `Bearer ${token}`],
    ['Authorization', 'Bearer x'],
  ]);
  expect([twice.status, twice.body.errors[0].code]).toEqual([401, 'errors.unauthenticated']);
});

test('4.1 a header that is sent twice is refused in either order, also with equal values', async () => {
  const { app, token } = fixture;
  for (const values of [
    [token, token],
    ['x', token],
    [token, ''],
  ]) {
    const headers = values.map((value): [string, string] => ['aUTHORIZATION', `Bearer ${value}`]);
    const twice = await sendRaw(app, 'GET', credential, headers);
    expect([twice.status, twice.body.errors[0].code]).toEqual([401, 'errors.unauthenticated']);
  }
});

test('4.1 a token has at most 8 KiB', async () => {
  const fills = Array.from({ length: 200 }, (_, index) => 'x'.repeat(5800 + index));
  const tokens = await Promise.all(fills.map(async (fill) => await fixture.app.token({ fill })));
  const largest = tokens.findLast(({ length }) => length <= 8192);
  const tooLarge = tokens.find(({ length }) => length > 8192);
  // A longer claim makes the token longer by one or two characters.
  expect([(largest?.length ?? 0) >= 8191, (tooLarge?.length ?? 9999) <= 8194]).toEqual([true, true]);
  expect((await get(largest)).status).toBe(200);
  expectGenericRefusal(await get(tooLarge));
});

test('4.1 exp may have a fraction', async () => {
  expect((await get(await fixture.app.token({ exp: seconds() + 0.5 }))).status).toBe(200);
  expectGenericRefusal(await get(await fixture.app.token({ exp: seconds() - 60.5 })));
});

const PERMISSIONS = '/nevisidm/api/principal/v1/permissions';

test('4.1 an unreadable claim is logged once, whatever the number of tokens', async () => {
  const { app } = await Fixture.start();
  const log = () => app.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  const warnings = () => log().filter(({ level }) => level === 40);
  const permissions = async (claims: object) =>
    await send(app, 'GET', PERMISSIONS, { token: await app.token({ roles: undefined, ...claims }) });
  for (const sub of ['a', 'b', 'c']) {
    expect((await permissions({ sub, permissions: ['ClientView'] })).body).toEqual({ elementaryPermissions: [] });
    expect((await permissions({ sub, roles: 7 })).body).toEqual({ elementaryPermissions: [] });
    await permissions({ sub, roles: 'nevisIdm.Root', data_room: '*' });
    expectGenericRefusal(await permissions({ sub, client_ext_id: undefined }));
  }
  expect(warnings().map(({ claim, found, names }) => [claim, found, names])).toEqual([
    ['permissions', 'misspelt rights', ['ClientView']],
    ['roles', 'a number', undefined],
    ['data_room', 'a text', undefined],
    ['client_ext_id', 'nothing', undefined],
  ]);
  // Without a valid signature there is no warning.
  const [header, , signature] = (await app.token()).split('.');
  const token = `${header}.${text64({ ...claimsOf(), roles: true })}.${signature}`;
  expectGenericRefusal(await send(app, 'GET', PERMISSIONS, { token }));
  expect(warnings()).toHaveLength(4);
  await app.close();
});

test('4.1 a claim can be nested under a path', async () => {
  const { tokens } = fixture.app.settings;
  const { app } = await Fixture.start({
    tokens: { ...tokens, claims: { ...tokens.claims, roles: 'realm_access.roles' } },
  });
  const rightsOf = async (claims: object) => {
    const token = await app.token({ roles: undefined, ...claims });
    return (await send(app, 'GET', PERMISSIONS, { token })).body.elementaryPermissions as string[];
  };
  const self = ['AccessControl.SelfAdmin'];
  expect(await rightsOf({ realm_access: { roles: ['offline_access', 'nevisIdm.SelfAdmin'] } })).toEqual(self);
  expect(
    await rightsOf({ 'realm_access.roles': 'nevisIdm.SelfAdmin', realm_access: { roles: ['nevisIdm.Root'] } }),
  ).toEqual(self);
  expect(await rightsOf({ roles: ['nevisIdm.Root'] })).toEqual([]);
  await app.close();
});

describe('4.1 with a public key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  let withKey: Fixture;
  let path: string;

  beforeAll(async () => {
    const { tokens } = fixture.app.settings;
    withKey = await Fixture.start({ tokens: { ...tokens, keys: { key: publicKey, algorithms: ['RS256', 'PS256'] } } });
    path = `${withKey.path()}/cert-1`;
  });

  afterAll(async () => await withKey.app.close());

  test('4.1 a token signed with the private key passes', async () => {
    const token = await sign({ alg: 'RS256' }, privateKey);
    // A valid token gets a 404 instead of a 401.
    expect((await send(withKey.app, 'GET', path, { token })).status).toBe(404);
  });

  test('4.1 HS256 with the PEM of the public key as secret is refused', async () => {
    for (const secret of [pem, pem.trim(), publicKey.export({ type: 'spki', format: 'der' })]) {
      const token = await sign({ alg: 'HS256' }, createSecretKey(Buffer.from(secret)));
      expectGenericRefusal(await send(withKey.app, 'GET', path, { token }));
    }
  });
});

test('4.1 an extension name in crit, which any sender can set, is logged as plain text', async () => {
  const [, payload] = (await fixture.app.token()).split('.');
  const extensionName = `\u202eextensionName\u2028${'x'.repeat(2000)}`;
  expectGenericRefusal(
    await get(`${text64({ alg: 'HS256', crit: [extensionName], [extensionName]: 1 })}.${payload}.AAAA`),
  );
  const line = fixture.app.log.at(-1) ?? '';
  expect(line).toContain('\\\\u{202e}extensionName');
  expect(line).not.toMatch(/[\u2028\u202e]/);
  expect(line.length).toBeLessThan(1000);
});

test('4.2 roles give the rights of the table; unknown roles and rights without prefix give none', async () => {
  const statusWith = async (claims: Record<string, unknown>) =>
    (await get(await fixture.app.token({ roles: undefined, ...claims }))).status;
  expect(await statusWith({ roles: ['nevisIdm.Helpdesk'] })).toBe(200);
  expect(await statusWith({ roles: ['nevisIdm.MtlsAdmin', 'nevisIdm.Nobody', 7, null] })).toBe(403);
  expect(await statusWith({ roles: 'offline_access nevisIdm.Root' })).toBe(200);
  expect(await statusWith({ roles: { 0: 'nevisIdm.Root' } })).toBe(403);
  expect(await statusWith({ permissions: ['AccessControl.CredentialView'] })).toBe(200);
  expect(await statusWith({ permissions: ['CredentialView', 'accesscontrol.CredentialView'] })).toBe(403);
  expect(await statusWith({ permissions: 'openid AccessControl.CredentialView' })).toBe(200);
  expect(await statusWith({ permissions: 'openid,AccessControl.CredentialView' })).toBe(403);
  expect(await statusWith({})).toBe(403);
  expect(codesOf(await get(await fixture.app.token({ roles: [] })))).toEqual(['errors.permissionDenied']);
});
