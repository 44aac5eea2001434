import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { type JWTHeaderParameters, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Answer, codesOf, send } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';
import { World } from '../support/world.js';

let world: World;
let credential: string;

beforeAll(async () => {
  world = await World.start();
  credential = await world.register('cert-1');
});

afterAll(async () => await world.app.close());

const seconds = () => Math.floor(world.app.clock.now().getTime() / 1000);
const text64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const claimsOf = () => ({
  sub: 'admin-1',
  client_ext_id: '100',
  roles: ['nevisIdm.Root'],
  iss: 'certkeep',
  aud: 'certkeep',
  exp: seconds() + 3600,
});

async function sign(header: JWTHeaderParameters, key: KeyObject = world.app.tokenKey): Promise<string> {
  return await new SignJWT(claimsOf()).setProtectedHeader(header).sign(key);
}

/** The one 401, byte for byte but for the request id. */
function expectGenericRefusal(answer: Answer): void {
  const requestId = answer.headers.get('x-request-id');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="certkeep"');
  expect(answer.body).toEqual({
    errors: [{ code: 'errors.unauthenticated', message: 'A valid token is required.', requestId }],
  });
}

const get = async (token?: string) => await send(world.app, 'GET', credential, { token });

test.each<[string, Record<string, unknown>]>([
  ['expired longer ago than clocks may differ', { exp: -61 }],
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
  expectGenericRefusal(await get(await world.app.token(times)));
});

test('4.1 clocks may differ by 60 seconds, and a remembered token still expires', async () => {
  const { app } = world;
  const token = await app.token({ exp: seconds() - 59, nbf: seconds() + 59 });
  expect((await get(token)).status).toBe(200);
  app.clock.advance(1000);
  expectGenericRefusal(await get(token));
  app.clock.advance(-1000);
});

test('4.1 a forged signature, no signature, and half a token are refused', async () => {
  const token = await world.app.token();
  const [header, payload, signature = ''] = token.split('.');
  const none = `${text64({ alg: 'none' })}.${payload}`;
  const stranger = createSecretKey(Buffer.alloc(48, 1));
  for (const forged of [
    `${none}.`,
    none,
    `${none}.${signature}`,
    `${text64({ alg: 'nOnE' })}.${payload}.`,
    `${header}.${payload}.${signature.slice(0, -2)}AA`,
    `${header}.${text64({ ...claimsOf(), sub: 'other' })}.${signature}`,
    await sign({ alg: 'HS256' }, stranger),
    'x',
    '',
    `${token}.x`,
  ]) {
    expectGenericRefusal(await get(forged));
  }
});

test('4.1 algorithms are pinned by the key, and crit is accepted from nobody', async () => {
  expectGenericRefusal(await get(await sign({ alg: 'HS512' })));
  const [, payload] = (await world.app.token()).split('.');
  expectGenericRefusal(await get(`${text64({ alg: 'HS256', crit: ['exp'], exp: 1 })}.${payload}.AAAA`));
  const understood = await new SignJWT(claimsOf())
    .setProtectedHeader({ alg: 'HS256', crit: ['b64'], b64: true })
    .sign(world.app.tokenKey);
  expectGenericRefusal(await get(understood));
});

test('4.1 the scheme has any case; the token is never taken from the query or from two headers', async () => {
  const { app, token } = world;
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

describe('4.1 with a public key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  let withKey: World;
  let path: string;

  beforeAll(async () => {
    const { tokens } = world.app.settings;
    withKey = await World.start({ tokens: { ...tokens, keys: { key: publicKey, algorithms: ['RS256', 'PS256'] } } });
    path = `${withKey.path()}/cert-1`;
  });

  afterAll(async () => await withKey.app.close());

  test('4.1 a token signed with the private key passes', async () => {
    const token = await sign({ alg: 'RS256' }, privateKey);
    // Whoever is let in learns that there is no such credential.
    expect((await send(withKey.app, 'GET', path, { token })).status).toBe(404);
  });

  test('4.1 HS256 under the PEM of the public key is no signature', async () => {
    for (const secret of [pem, pem.trim(), publicKey.export({ type: 'spki', format: 'der' })]) {
      const token = await sign({ alg: 'HS256' }, createSecretKey(Buffer.from(secret)));
      expectGenericRefusal(await send(withKey.app, 'GET', path, { token }));
    }
  });
});

test('4.1 the name of an extension in crit, which anybody can write, reaches the log as plain text', async () => {
  const [, payload] = (await world.app.token()).split('.');
  const evil = `\u202eevil\u2028${'x'.repeat(2000)}`;
  expectGenericRefusal(await get(`${text64({ alg: 'HS256', crit: [evil], [evil]: 1 })}.${payload}.AAAA`));
  const line = world.app.log.at(-1) ?? '';
  expect(line).toContain('\\\\u{202e}evil');
  expect(line).not.toMatch(/[\u2028\u202e]/);
  expect(line.length).toBeLessThan(1000);
});

test('4.2 roles give the rights of their one table, unknown ones and rights without prefix give none', async () => {
  const statusWith = async (claims: Record<string, unknown>) =>
    (await get(await world.app.token({ roles: undefined, ...claims }))).status;
  expect(await statusWith({ roles: ['nevisIdm.Helpdesk'] })).toBe(200);
  expect(await statusWith({ roles: ['nevisIdm.MtlsAdmin', 'nevisIdm.Nobody', 7, null] })).toBe(403);
  expect(await statusWith({ roles: 'nevisIdm.Root' })).toBe(403);
  expect(await statusWith({ roles: { 0: 'nevisIdm.Root' } })).toBe(403);
  expect(await statusWith({ permissions: ['AccessControl.CredentialView'] })).toBe(200);
  expect(await statusWith({ permissions: ['CredentialView', 'accesscontrol.CredentialView'] })).toBe(403);
  expect(await statusWith({ permissions: 'AccessControl.CredentialView' })).toBe(403);
  expect(await statusWith({})).toBe(403);
  expect(codesOf(await get(await world.app.token({ roles: [] })))).toEqual(['errors.permissionDenied']);
});
