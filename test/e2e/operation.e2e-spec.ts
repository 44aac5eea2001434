import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startApp, type TestApp } from '../support/app.js';
import { CORE } from '../support/http.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(async () => await app.close());

test('live and ready need no token, and name each component with its status', async () => {
  expect(await (await fetch(`${app.url}/health/live`)).json()).toEqual({ status: 'up' });
  const ready = await fetch(`${app.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'up', parts: { database: 'up', vault: 'up' } }]);
});

test('a vault that is down is reported, and the server stays ready', async () => {
  const tokenFile = join(tmpdir(), 'certkeep-no-such-token');
  const address = new URL('http://127.0.0.1:1');
  const login = { method: 'token', tokenFile } as const;
  const other = await startApp({ vault: { kind: 'kv2', address, mount: 'secret', namespace: undefined, login } });
  try {
    const ready = await fetch(`${other.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'up', parts: { database: 'up', vault: 'down' } },
    ]);
  } finally {
    await other.close();
  }
});

test('metrics count requests by route pattern, without ids', async () => {
  await fetch(`${app.url}${CORE}/secret-client/users/secret-user/certificates/secret-id`);
  await fetch(`${app.url}/no/such/secret-path`);
  const answer = await fetch(`${app.url}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const text = await answer.text();
  expect(text).toMatch(/duration_seconds_count\{method="GET",route="[^"]*certificates\/:extId",status="401"\} 1/);
  expect(text).toContain('route="none",status="404"');
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('secret');
});
