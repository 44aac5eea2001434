import { generateKeyPairSync } from 'node:crypto';

import { expect, test } from 'vitest';

import { FetchedKeys } from './fetched-keys.js';
import type { NamedKey } from './json-web-keys.js';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SET = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' }],
});
const HEADER = { alg: 'ES256', kid: 'one' };
const keyOf = async (keys: FetchedKeys, now: Date) => (await keys.candidatesFor(HEADER, now).next()).value as NamedKey;
const at = (minutes: number) => new Date(Date.parse('2026-06-01T12:00:00Z') + minutes * 60_000);

/** An issuer that answers, fails or does not answer, as set by the test. */
function issuer() {
  const state = { behaviour: 'answers' as 'answers' | 'refuses' | 'isSilent' | 'hasNone', fetches: 0 };
  const fetch = async (): Promise<string> => {
    state.fetches += 1;
    if (state.behaviour === 'refuses') throw new Error('refused');
    if (state.behaviour === 'isSilent') return await new Promise<string>(() => {});
    return state.behaviour === 'hasNone' ? '{"keys":[]}' : SET;
  };
  return { state, fetch };
}

test('4.1 while the issuer is known to fail, the last keys are used without waiting for it', async () => {
  const { state, fetch } = issuer();
  const failures: string[] = [];
  const keys = new FetchedKeys(fetch, (reason) => failures.push(reason));
  const key = await keyOf(keys, at(0));
  state.behaviour = 'refuses';
  expect(await keyOf(keys, at(6))).toBe(key);
  expect(failures).toHaveLength(1);
  // The next fetch gets no answer, and no caller waits for it.
  state.behaviour = 'isSilent';
  expect(await keyOf(keys, at(8))).toBe(key);
  expect(await keys.holds(key, at(9))).toBe(true);
  expect(state.fetches).toBe(3);
});

test('4.1 a set without a usable key is a failure, and the last keys stay in use', async () => {
  const { state, fetch } = issuer();
  const failures: string[] = [];
  const keys = new FetchedKeys(fetch, (reason) => failures.push(reason));
  const key = await keyOf(keys, at(0));
  state.behaviour = 'hasNone';
  expect(await keyOf(keys, at(6))).toBe(key);
  expect(failures).toEqual(['the response is not a JWK Set with a usable key']);
});

test('4.1 with a set older than 24 hours no token can be verified', async () => {
  const { state, fetch } = issuer();
  const keys = new FetchedKeys(fetch, () => {});
  await keyOf(keys, at(0));
  state.behaviour = 'refuses';
  await expect(keyOf(keys, at(24 * 60 + 1))).rejects.toMatchObject({ code: 'errors.unavailable' });
});
