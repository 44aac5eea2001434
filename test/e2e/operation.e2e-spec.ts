import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { AuditLogUpkeep } from '../../src/audit/audit-log-upkeep.js';
import { BackgroundDatabase, Database } from '../../src/database/database.js';
import { Reconciler } from '../../src/keystores/reconciler.service.js';
import { SecretVault } from '../../src/vault/secret-vault.js';
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

async function metric(of: TestApp, series: string): Promise<number> {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `)) ?? '';
  return Number(line.slice(series.length + 1));
}

test('metrics count failures of the database by kind, of requests and of background work', async () => {
  const failing = { name: 'failing', text: 'select no_such_column' };
  const before = await metric(app, 'certkeep_database_errors_total{kind="other"}');
  for (const kind of [Database, BackgroundDatabase]) {
    await expect(app.get(kind).run(failing, [])).rejects.toThrow('no_such_column');
  }
  expect(await metric(app, 'certkeep_database_errors_total{kind="other"}')).toBe(before + 2);
  expect(await metric(app, 'certkeep_database_errors_total{kind="timeout"}')).toBe(0);
});

test('metrics count failed calls to the vault by reason', async () => {
  const tokenFile = join(tmpdir(), 'certkeep-no-such-token');
  const address = new URL('http://127.0.0.1:1');
  const login = { method: 'token', tokenFile } as const;
  const other = await startApp({ vault: { kind: 'kv2', address, mount: 'secret', namespace: undefined, login } });
  try {
    const { outcome } = await other.get(SecretVault).list('100');
    expect(outcome).toBe('unavailable');
    expect(await metric(other, 'certkeep_vault_failures_total{reason="refused"}')).toBe(1);
  } finally {
    await other.close();
  }
});

test('the leader shows the size of the audit log and the operations on key stores that have not ended', async () => {
  expect(await metric(app, 'certkeep_audit_log_bytes')).toBe(0);
  await app.get(AuditLogUpkeep).run();
  expect(await metric(app, 'certkeep_audit_log_bytes')).toBeGreaterThan(8_192);

  await app.get(Reconciler).reconcile();
  expect(await metric(app, 'certkeep_key_store_claims_open')).toBe(0);
});

test('metrics show how many slots a queue has', async () => {
  expect(await metric(app, 'certkeep_queue_slots{queue="connections"}')).toBe(10);
  expect(await metric(app, 'certkeep_queue_held{queue="connections"}')).toBe(0);
  expect(await metric(app, 'certkeep_workers')).toBe(1);
});
