import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { send } from '../support/http.js';
import { sendRaw } from '../support/raw-http.js';

const SCRIPT = 'console.log("pages");';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

let folder: string;
let app: TestApp;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certkeep-pages-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><head><meta name="certkeep:sign-in" content="" /></head><body></body>',
  );
  await writeFile(join(folder, 'assets', 'index-1a2b.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'index-1a2b.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'assets', 'index-1a2b.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(folder, 'assets', 'index-3c4d.css'), 'body {}');
  app = await startApp({}, undefined, folder);
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const get = async (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  await fetch(app.url + path, { method, headers, redirect: 'manual' });

test.each(['/console', '/console/', '/console/100/today', '/console/a%2Fb/users/x.y', '/my', '/my/', '/my/password'])(
  '%s is the page, which a browser asks for again each time',
  async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toBe(POLICY);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const etag = answer.headers.get('etag') ?? '';
    const again = await get(path, { 'If-None-Match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('content-security-policy')).toBe(POLICY);
  },
);

test('the page says how people sign in', async () => {
  const issuer = 'http://127.0.0.1:9/"<&realm';
  const signIn = { issuer, clientId: 'pages', scope: 'openid', resource: undefined };
  const other = await startApp({ pages: { enabled: true, signIn } }, undefined, folder);
  const answer = await fetch(`${other.url}/my/`);
  expect(answer.headers.get('content-security-policy')).toContain("connect-src 'self' http://127.0.0.1:9;");
  const [, content = ''] = /content="([^"]*)"/.exec(await answer.text()) ?? [];
  const decoded = content.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  expect(JSON.parse(decoded)).toEqual({ issuer, clientId: 'pages', scope: 'openid', embedded: true });
  await other.close();
});

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['identity', null],
])('an asset is sent in a coding that the browser accepts (%s), for good', async (accepted, coding) => {
  const answer = await get('/web/assets/index-1a2b.js', { 'Accept-Encoding': accepted });
  expect([answer.status, await answer.text()]).toEqual([200, SCRIPT]);
  expect(answer.headers.get('content-encoding')).toBe(coding);
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(answer.headers.get('vary')).toBe('Accept-Encoding');
});

test('each coding of an asset has an ETag of its own', async () => {
  const etags = await Promise.all(
    ['br', 'gzip', 'identity'].map(async (coding) => {
      const answer = await get('/web/assets/index-1a2b.js', { 'Accept-Encoding': coding });
      return answer.headers.get('etag');
    }),
  );
  expect(new Set(etags).size).toBe(3);
  const known = await get('/web/assets/index-1a2b.js', {
    'Accept-Encoding': 'br',
    'If-None-Match': `W/"x", ${etags[0]}`,
  });
  expect(known.status).toBe(304);
});

test.each([
  '/web/',
  '/web/index.html',
  '/web/assets/other.js',
  '/web/assets/index-1a2b.js.br',
  '/web/assets/../index.html',
  '/web/assets/%2e%2e/index.html',
  '/web/%2e%2e/package.json',
  '/web',
])('7.1 %s is 404 in the error shape', async (path) => {
  const answer = await sendRaw(app, 'GET', path, []);
  expect([answer.status, answer.body.errors[0].code]).toEqual([404, 'errors.noRecord']);
});

test('HEAD answers as GET without a body', async () => {
  for (const path of ['/console/', '/web/assets/index-3c4d.css']) {
    const [get_, head] = await Promise.all([get(path), get(path, {}, 'HEAD')]);
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(get_.headers.get('content-length'));
    expect(head.headers.get('etag')).toBe(get_.headers.get('etag'));
  }
});

test('7.1 another method is 405', async () => {
  for (const path of ['/console/', '/console/100/today', '/my/', '/web/assets/index-3c4d.css']) {
    for (const method of ['POST', 'DELETE', 'OPTIONS']) {
      const answer = await send(app, method, path);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  }
});

test('the root leads a browser to the console', async () => {
  const answer = await get('/', { Accept: BROWSER });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console/']);
});

test.each(['application/json', '*/*'])('1.1 the root is 404 for a program (Accept: %s)', async (accept) => {
  const answer = await get('/', { Accept: accept });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
});

test('CONSOLE=off: there are no pages', async () => {
  const off = await startApp({ pages: { enabled: false, signIn: undefined } }, undefined, folder);
  for (const path of ['/', '/console/', '/my/', '/web/assets/index-1a2b.js']) {
    const answer = await fetch(off.url + path, { headers: { Accept: BROWSER }, redirect: 'manual' });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  await off.close();
});

test('a server without built pages starts, and says how to build them', async () => {
  const unbuilt = await startApp({}, undefined, join(folder, 'nothing'));
  const answer = await send(unbuilt, 'GET', '/console/');
  expect([answer.status, answer.body.errors[0].message]).toEqual([
    503,
    'The pages have not been built. Run "npm run build:web" and restart certkeep.',
  ]);
  expect(unbuilt.log.join('')).toContain('npm run build:web');
  await unbuilt.close();
});
