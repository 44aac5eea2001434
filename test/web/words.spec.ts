import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CLIENT_MEMBERS } from '../../src/clients/client.table.js';
import { POLICY_MEMBERS } from '../../src/policies/policy.table.js';
import { TRUST_SET_MEMBERS } from '../../src/trust/trust-set.table.js';
import { memberChanges } from '../../web/src/features/words/member-changes.js';
import { send } from '../support/http.js';
import { Pages } from './support/pages.js';

describe('memberChanges', () => {
  it('has the parts of a member one by one', () => {
    const changes = { validity: { from: { to: '2026-01-01T00:00:00Z' }, to: { to: '2027-01-01T00:00:00Z' } } };
    expect(memberChanges(changes)).toEqual([
      { member: 'validity.to', from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
    ]);
  });

  it('has only what differs of a list', () => {
    expect(memberChanges({ anchors: { from: ['A', 'B'], to: ['B', 'C', 'D'] } })).toEqual([
      { member: 'anchors', from: 'A', to: 'C, D' },
    ]);
    expect(memberChanges({ anchors: { from: ['A', 'B'], to: ['B', 'A'] } })).toEqual([
      { member: 'anchors', from: 'A, B', to: 'B, A' },
    ]);
  });

  it('names a secret without a value', () => {
    expect(memberChanges({ password: {} })).toEqual([{ member: 'password', from: undefined, to: undefined }]);
  });
});

describe('words of the API', () => {
  let pages: Pages;

  beforeAll(async () => {
    pages = await Pages.start();
    const { fixture } = pages;
    const path = await fixture.register('changed', { policyExtId: 'tolerant' });
    await fixture.patch(path, { certificate: await fixture.pem('long', { notAfter: '2030-01-01T00:00:00Z' }) });
    await fixture.patch(path, { stateName: 'active' });
    await fixture.register('strict', { policyExtId: 'strict' });
    const certificate = await fixture.pem('refused', { notAfter: '2030-01-01T00:00:00Z' });
    await fixture.patch(`${fixture.path()}/strict`, { certificate });
    const { token } = fixture;
    const policies = '/nevisidm/api/core/v1/100/policies';
    await send(pages.app, 'PATCH', `${policies}/tolerant`, {
      token,
      body: { description: 'New', defaultPolicy: false },
    });
    await send(pages.app, 'PATCH', '/nevisidm/api/core/v1/100/users/helper-7', {
      token,
      body: { gender: 'female', validity: { from: '2026-01-01T00:00:00Z' } },
    });
  });

  afterAll(async () => {
    await pages.close();
  });

  /** A name of a member, a code, a value as the API has it, or JSON. */
  const RAW =
    /errors\.\w+|stateName|stateChangeReason|stateChangeDetail|modificationComment|[a-z]+ExtId|defaultPolicy|\{"|policy-check-failed|changed-by-admin|maxValidityDays:/;

  const ADDRESSES = [
    '/console/100/today',
    '/console/100/audit',
    '/console/100/users/helper-7?tab=history',
    '/console/100/users/helper-7/certificates/changed',
    '/console/100/users/helper-7/certificates/changed?tab=policy',
    '/console/100/users/helper-7/certificates/changed?tab=history',
  ];

  it.each(['en-GB', 'de-CH', 'fr-CH'])('%s: no page shows one instead of words', async (locale) => {
    for (const address of ADDRESSES) {
      const page = await pages.asAdministrator(address, {}, { locale });
      await page.locator('main time, main [role=listitem], main li').first().waitFor();
      await page.getByRole('status').filter({ hasText: '…' }).waitFor({ state: 'detached' });
      const text = await page.getByRole('main').innerText();
      expect(RAW.exec(text)?.[0], `${locale} ${address}: ${text}`).toBeUndefined();
      await page.context().close();
    }
  });

  it('10.3 a change of each kind is shown with its members in words', async () => {
    const page = await pages.asAdministrator('/console/100/audit');
    await page.getByText('State: ').first().waitFor();
    const text = await page.getByRole('main').innerText();
    expect(text).toMatch(/Reason of the state: The policy was not satisfied → /);
    expect(text).toMatch(/Description: (nothing → )?(to\s*)?New/);
    expect(text).toMatch(/Gender: Female/);
    expect(text).toContain('The certificate breaks a rule of its policy.');
  });
});

it('10.3 each member of a client, a policy and a trust-anchor set has a name in words', async () => {
  // The names are macros, which only the build of the pages replaces.
  const { readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const file = join(import.meta.dirname, '..', '..', 'web', 'src', 'features', 'words', 'member-names.ts');
  const source = await readFile(file, 'utf8');
  const named = new Set([...source.matchAll(/^ {2}'?([\w.]+)'?: msg`/gm)].map(([, name]) => name));
  const members = [...CLIENT_MEMBERS, ...POLICY_MEMBERS, ...TRUST_SET_MEMBERS].filter((name) => name !== 'parameters');
  expect(members.filter((name) => !named.has(name))).toEqual([]);
});
