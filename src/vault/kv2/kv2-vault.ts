import { createHash, randomUUID } from 'node:crypto';

import type { Clock } from '../../common/clock.js';
import type { Secret } from '../../common/secret.js';
import type { Kv2VaultSettings } from '../../config/vault-settings.js';
import type { OutgoingClient } from '../../outgoing/outgoing-client.js';
import { storedContent } from '../secret-content.js';
import {
  type Absent,
  type Conflict,
  type Deleted,
  type Done,
  type Found,
  type KeyStoreSecret,
  type Listed,
  type Metadata,
  NEVER_WRITTEN,
  type SecretAddress,
  SecretVault,
  type Unavailable,
  type Written,
} from '../secret-vault.js';
import { isVersion, readFound, readList, readMetadata } from './kv2-answers.js';
import type { Timing } from './timing.js';
import { failureOf, isConflict, member, TIMEOUT, unavailable } from './vault-answer.js';
import { type RepeatedAnswer, VaultHttp, type VaultRequest } from './vault-http.js';
import { VaultSession } from './vault-session.js';

/** Cannot be the folder of an account, because their names are digests. */
const HEALTH_FOLDER = 'accounts/health';

export interface Limits {
  /** Time limit of one call of the port, in total. */
  readonly callMs: number;
  readonly healthMs: number;
}

/** HashiCorp Vault or OpenBao, KV version 2 over HTTP. */
export class Kv2Vault extends SecretVault {
  private readonly http: VaultHttp;
  private readonly session: VaultSession;
  private readonly mount: string;

  constructor(
    { address, namespace, mount, login }: Kv2VaultSettings,
    client: OutgoingClient,
    clock: Clock,
    timing: Timing,
    private readonly limits: Limits = { callMs: 5_000, healthMs: 500 },
  ) {
    super();
    this.mount = mount;
    this.http = new VaultHttp(client, address, namespace, timing);
    this.session = new VaultSession(this.http, login, clock, limits.callMs);
  }

  override async write(
    address: SecretAddress,
    expectedVersion: number,
    secret: Secret<KeyStoreSecret>,
    signal?: AbortSignal,
  ): Promise<Written | Conflict | Unavailable> {
    const within = this.limited(signal);
    if (expectedVersion === NEVER_WRITTEN) {
      const named = await this.nameAccount(address, within);
      if (named.outcome === 'unavailable') return named;
    }
    const path = `${this.mount}/data/${secretPath(address)}`;
    const writeId = randomUUID();
    const body = { options: { cas: expectedVersion }, data: { ...storedContent(secret.reveal()), writeId } };
    const answer = await this.send({ method: 'POST', path, body }, within);
    if (answer.outcome === 'unavailable') return answer;
    if (isConflict(answer)) {
      return answer.mayBeRepeated
        ? await this.resolveConflict(path, expectedVersion + 1, writeId, within)
        : { outcome: 'conflict' };
    }
    if (answer.status !== 200) return failureOf(answer);
    const version = member(answer.body, 'data', 'version');
    return isVersion(version) ? { outcome: 'written', version } : unavailable('unintelligible');
  }

  override async read(
    address: SecretAddress,
    version?: number,
    signal?: AbortSignal,
  ): Promise<Found | Absent | Deleted | Unavailable> {
    const query = version === undefined ? '' : `?version=${version}`;
    const path = `${this.mount}/data/${secretPath(address)}${query}`;
    const answer = await this.send({ method: 'GET', path }, this.limited(signal));
    return answer.outcome === 'unavailable' ? answer : readFound(answer);
  }

  override async readMetadata(address: SecretAddress, signal?: AbortSignal): Promise<Metadata | Absent | Unavailable> {
    const path = `${this.mount}/metadata/${secretPath(address)}`;
    const answer = await this.send({ method: 'GET', path }, this.limited(signal));
    return answer.outcome === 'unavailable' ? answer : readMetadata(answer);
  }

  override async list(accountId: string, signal?: AbortSignal): Promise<Listed | Unavailable> {
    const path = `${this.mount}/metadata/${accountFolder(accountId)}?list=true`;
    const answer = await this.send({ method: 'GET', path }, this.limited(signal));
    return answer.outcome === 'unavailable' ? answer : readList(answer);
  }

  override async softDelete(
    address: SecretAddress,
    version: number,
    signal?: AbortSignal,
  ): Promise<Done | Unavailable> {
    const path = `${this.mount}/delete/${secretPath(address)}`;
    return await this.change({ method: 'POST', path, body: { versions: [version] } }, this.limited(signal));
  }

  override async destroy(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable> {
    const path = `${this.mount}/destroy/${secretPath(address)}`;
    return await this.change({ method: 'POST', path, body: { versions: [version] } }, this.limited(signal));
  }

  override async erase(address: SecretAddress, signal?: AbortSignal): Promise<Done | Unavailable> {
    const path = `${this.mount}/metadata/${secretPath(address)}`;
    return await this.change({ method: 'DELETE', path }, this.limited(signal));
  }

  /**
   * Listing an empty folder checks everything at once: the vault responds, is not sealed, accepts our token, and has
   * the mount.
   */
  override async isReachable(): Promise<boolean> {
    const within = AbortSignal.timeout(this.limits.healthMs);
    const answer = await this.send(
      { method: 'GET', path: `${this.mount}/metadata/${HEALTH_FOLDER}?list=true` },
      within,
    );
    return answer.outcome === 'answer' && readList(answer).outcome === 'listed';
  }

  private limited(signal: AbortSignal | undefined): AbortSignal {
    const limit = AbortSignal.timeout(this.limits.callMs);
    return signal === undefined ? limit : AbortSignal.any([signal, limit]);
  }

  /** Called before the first version, so that every secret names its account. */
  private async nameAccount(address: SecretAddress, within: AbortSignal): Promise<Done | Unavailable> {
    const path = `${this.mount}/metadata/${secretPath(address)}`;
    const body = { cas_required: true, custom_metadata: { account: address.accountId } };
    return await this.change({ method: 'POST', path, body }, within);
  }

  /** A conflict may be with our own earlier attempt, if only its response failed; the write id tells them apart. */
  private async resolveConflict(
    path: string,
    version: number,
    writeId: string,
    within: AbortSignal,
  ): Promise<Written | Conflict | Unavailable> {
    const answer = await this.send({ method: 'GET', path: `${path}?version=${version}` }, within);
    if (answer.outcome === 'unavailable') return answer;
    if (answer.status !== 200 && answer.status !== 404) return failureOf(answer);
    const isOurs = member(answer.body, 'data', 'data', 'writeId') === writeId;
    return isOurs ? { outcome: 'written', version } : { outcome: 'conflict' };
  }

  private async change(request: VaultRequest, within: AbortSignal): Promise<Done | Unavailable> {
    const answer = await this.send(request, within);
    if (answer.outcome === 'unavailable') return answer;
    return answer.status === 200 || answer.status === 204 ? { outcome: 'done' } : failureOf(answer);
  }

  /** Sends with the current token; if it is refused, once more with a new one. */
  private async send(request: VaultRequest, within: AbortSignal): Promise<RepeatedAnswer | Unavailable> {
    for (let isLastLogin = false; ; isLastLogin = true) {
      if (within.aborted) return TIMEOUT;
      const lease = await this.session.token(within);
      if (lease.outcome === 'unavailable') return lease;
      const answer = await this.http.sendRepeatedly({ ...request, token: lease.token }, within);
      const isRefused = answer.outcome === 'answer' && answer.status === 403;
      if (!isRefused || isLastLogin) return answer;
      this.session.discard(lease);
    }
  }
}

/**
 * The id of an account may contain `/` and `..`, which URL libraries resolve, so it could refer to the folder of
 * another tenant. Its digest cannot.
 */
function accountFolder(accountId: string): string {
  return `accounts/${createHash('sha256').update(accountId).digest('hex')}`;
}

export function secretPath({ accountId, keyStoreId }: SecretAddress): string {
  return `${accountFolder(accountId)}/${keyStoreId}`;
}
