import { readFile } from 'node:fs/promises';

import type { Clock } from '../../common/clock.js';
import type { Kv2Login } from '../../config/vault-settings.js';
import type { Unavailable } from '../secret-vault.js';
import { failureOf, member, unavailable, type VaultAnswer } from './vault-answer.js';
import type { VaultHttp } from './vault-http.js';

/** A token and its lifetime. */
export interface Lease {
  readonly outcome: 'lease';
  readonly token: string;
  /** 0 means that it does not expire. */
  readonly seconds: number;
  readonly renewable: boolean;
}

const FIRST_REPETITION_MS = 30_000;
const LATER_REPETITION_MS = 16 * 60_000;

/**
 * After five wrong secret ids of a role within 15 minutes, a vault refuses the right one as well, for 15 minutes. So one
 * that was wrong is sent again after half a minute, in case the vault was not up to date, and then not within that time,
 * unless the file has another one.
 */
export class WrongSecretId {
  #secretId: string | undefined;
  #repeatAt = 0;
  #times = 0;

  constructor(private readonly clock: Clock) {}

  mayBeSent(secretId: string): boolean {
    return secretId !== this.#secretId || this.clock.now().getTime() >= this.#repeatAt;
  }

  forget(): void {
    this.#secretId = undefined;
  }

  note(secretId: string): void {
    this.#times = secretId === this.#secretId ? this.#times + 1 : 1;
    this.#secretId = secretId;
    this.#repeatAt = this.clock.now().getTime() + (this.#times === 1 ? FIRST_REPETITION_MS : LATER_REPETITION_MS);
  }
}

/**
 * Reads the token from a file, or logs in with a role. Files are read each time, so that renewing them needs no
 * restart.
 */
export async function logIn(
  http: VaultHttp,
  login: Kv2Login,
  wrong: WrongSecretId,
  signal: AbortSignal,
): Promise<Lease | Unavailable> {
  if (login.method === 'token') {
    const token = await readCredential(login.tokenFile);
    return token === undefined ? unavailable('refused') : await lookUp(http, token, signal);
  }
  const secretId = await readCredential(login.secretIdFile);
  if (secretId === undefined || !wrong.mayBeSent(secretId)) return unavailable('refused');
  const body = { role_id: login.roleId, secret_id: secretId };
  const answer = await http.send({ method: 'POST', path: 'auth/approle/login', body }, signal);
  const lease = leaseOf(answer);
  if (lease.outcome === 'lease') wrong.forget();
  if (answer.outcome === 'answer' && answer.status === 400) wrong.note(secretId);
  return lease;
}

/** Renews a token before it expires. */
export async function renew(http: VaultHttp, token: string, signal: AbortSignal): Promise<Lease | Unavailable> {
  const answer = await http.send({ method: 'POST', path: 'auth/token/renew-self', body: {}, token }, signal);
  return leaseOf(answer);
}

async function lookUp(http: VaultHttp, token: string, signal: AbortSignal): Promise<Lease | Unavailable> {
  const answer = await http.send({ method: 'GET', path: 'auth/token/lookup-self', token }, signal);
  if (answer.outcome === 'unavailable') return answer;
  if (answer.status !== 200) return failureOf(answer);
  return readLease(token, member(answer.body, 'data', 'ttl'), member(answer.body, 'data', 'renewable'));
}

function leaseOf(answer: VaultAnswer | Unavailable): Lease | Unavailable {
  if (answer.outcome === 'unavailable') return answer;
  // A wrong role or secret id is a 400.
  if (answer.status === 400) return unavailable('refused');
  if (answer.status !== 200) return failureOf(answer);
  const token = member(answer.body, 'auth', 'client_token');
  return readLease(token, member(answer.body, 'auth', 'lease_duration'), member(answer.body, 'auth', 'renewable'));
}

function readLease(token: unknown, seconds: unknown, renewable: unknown): Lease | Unavailable {
  if (typeof token !== 'string' || !isToken(token) || typeof seconds !== 'number') return unavailable('unintelligible');
  return { outcome: 'lease', token, seconds, renewable: renewable === true };
}

async function readCredential(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').then(
    (content) => content.trim(),
    () => '',
  );
  return isToken(text) ? text : undefined;
}

/** Whether the text is a valid header value; otherwise the HTTP client would throw an error that contains the token. */
function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
