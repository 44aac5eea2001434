import type { Secret } from '../common/secret.js';

/** Where the secret of one key store is kept. */
export interface SecretAddress {
  /** The client's extId. */
  readonly accountId: string;
  /** From 1 to 2^53 − 1. */
  readonly keyStoreId: number;
}

/** What has to stay secret of a key store. */
export interface KeyStoreSecret {
  readonly p12: Buffer;
  /** Absent is another thing than empty (RFC 7292 appendix B.1). */
  readonly password: string | undefined;
}

/** Why a vault cannot tell now: for logs and metrics, never for a decision and never for the caller. */
export type UnavailableReason =
  /** No connection, or one that broke. */
  | 'unreachable'
  /** No answer within the time that a call may take. */
  | 'timeout'
  | 'sealed'
  /** Our login, or what it may do, was refused (401, 403). */
  | 'refused'
  /** Too many requests (429), still after trying again. */
  | 'overloaded'
  /** The vault has failed (5xx), or does not know what it was asked, such as a mount that does not exist. */
  | 'failed'
  /** An answer that is none of this protocol's, or is too large. */
  | 'unintelligible'
  /** There is a secret, and no key of ours opens it. */
  | 'unreadable';

export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly reason: UnavailableReason;
}

/** Never written, erased, or destroyed: nothing brings it back. */
export interface Absent {
  readonly outcome: 'absent';
}

/** Written once, then softly deleted. */
export interface Deleted {
  readonly outcome: 'deleted';
}

/** The version that the writer expected is not the current one; nothing was written. */
export interface Conflict {
  readonly outcome: 'conflict';
}

export interface Written {
  readonly outcome: 'written';
  readonly version: number;
}

export interface Found {
  readonly outcome: 'found';
  readonly version: number;
  readonly secret: Secret<KeyStoreSecret>;
}

export interface VersionMetadata {
  readonly version: number;
  readonly state: 'live' | 'deleted' | 'destroyed';
  /** By the vault's clock. */
  readonly created: Date;
}

export interface Metadata {
  readonly outcome: 'found';
  /** The highest version that was ever written, which the next write has to expect, whatever became of it. */
  readonly currentVersion: number;
  /** Ascending. A vault may have forgotten the oldest. */
  readonly versions: readonly VersionMetadata[];
}

export interface Listed {
  readonly outcome: 'listed';
  /** Every key store that has metadata, soft-deleted and destroyed ones included, ascending. */
  readonly keyStoreIds: readonly number[];
}

export interface Done {
  readonly outcome: 'done';
}

/** What the first write of a secret expects. */
export const NEVER_WRITTEN = 0;

/**
 * Keeps the versions of key stores' secrets, with the rules of KV version 2: versions count from 1 and are never given
 * twice, a soft-deleted or destroyed one included. What goes wrong is a value, so that nobody forgets it; a promise
 * rejects for defects alone. A call takes five seconds at the most, or ends with `signal`, then as `unavailable`.
 *
 * `unavailable` after a write, deletion or destruction means unknown: it may have happened.
 */
export abstract class SecretVault {
  /** @param expectedVersion the current version, or `NEVER_WRITTEN` */
  abstract write(
    address: SecretAddress,
    expectedVersion: number,
    secret: Secret<KeyStoreSecret>,
    signal?: AbortSignal,
  ): Promise<Written | Conflict | Unavailable>;

  /** The latest version where none is named. */
  abstract read(
    address: SecretAddress,
    version?: number,
    signal?: AbortSignal,
  ): Promise<Found | Absent | Deleted | Unavailable>;

  abstract readMetadata(address: SecretAddress, signal?: AbortSignal): Promise<Metadata | Absent | Unavailable>;

  /** Of one account, so that a reconciler finds secrets without rows. */
  abstract list(accountId: string, signal?: AbortSignal): Promise<Listed | Unavailable>;

  /** Deletes one version softly. What is not there stays so. */
  abstract softDelete(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable>;

  /** Removes one version's content for good. Its number stays taken. */
  abstract destroy(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable>;

  /** Removes everything, the metadata included: as if it had never been written. */
  abstract erase(address: SecretAddress, signal?: AbortSignal): Promise<Done | Unavailable>;

  /** For health checks: within half a second, and never rejects. */
  abstract isReachable(): Promise<boolean>;
}
