import type { Secret } from '../common/secret.js';

/** The address of the secret of a key store. */
export interface SecretAddress {
  /** The client's extId. */
  readonly accountId: string;
  /** From 1 to 2^53 − 1. */
  readonly keyStoreId: number;
}

/** The secret parts of a key store. */
export interface KeyStoreSecret {
  readonly p12: Buffer;
  /** Undefined differs from an empty password (RFC 7292 appendix B.1). */
  readonly password: string | undefined;
}

/** Why a vault operation failed: for logs and metrics, never for a decision or the caller. */
export type UnavailableReason =
  /** No connection, or it was lost. */
  | 'unreachable'
  /** No response within the time limit of a call. */
  | 'timeout'
  | 'sealed'
  /** The login or the operation was refused (401, 403). */
  | 'refused'
  /** Too many requests (429), even after retries. */
  | 'overloaded'
  /** The vault failed (5xx), or does not support the request, for example because a mount does not exist. */
  | 'failed'
  /** A response that does not follow the protocol, or is too large. */
  | 'unintelligible'
  /** The secret exists, but no key opens it. */
  | 'unreadable';

export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly reason: UnavailableReason;
}

/** Never written, erased or destroyed; it cannot be restored. */
export interface Absent {
  readonly outcome: 'absent';
}

/** Soft-deleted. */
export interface Deleted {
  readonly outcome: 'deleted';
}

/** The current version is not the expected one; nothing was written. */
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
  /** The highest version that was ever written, whatever its state; the next write must expect it. */
  readonly currentVersion: number;
  /** Ascending. A vault may have forgotten the oldest. */
  readonly versions: readonly VersionMetadata[];
}

export interface Listed {
  readonly outcome: 'listed';
  /** Every key store with metadata, including soft-deleted and destroyed ones, ascending. */
  readonly keyStoreIds: readonly number[];
}

export interface Done {
  readonly outcome: 'done';
}

/** The expected version of the first write. */
export const NEVER_WRITTEN = 0;

/**
 * Stores versions of the secrets of key stores, with the rules of KV version 2: versions start at 1 and are never
 * reused, even if soft-deleted or destroyed. Failures are returned as values, so that callers must handle them;
 * promises reject only for programming errors. A call takes at most five seconds, or ends as `unavailable` when
 * `signal` is aborted.
 *
 * `unavailable` after a write, deletion or destruction means that the result is unknown: it may have been executed.
 */
export abstract class SecretVault {
  /** Calls that have ended as `unavailable`, counted since the process started (`countFailures`). */
  readonly failures: Record<UnavailableReason, number> = {
    unreachable: 0,
    timeout: 0,
    sealed: 0,
    refused: 0,
    overloaded: 0,
    failed: 0,
    unintelligible: 0,
    unreadable: 0,
  };

  /** @param expectedVersion the current version, or `NEVER_WRITTEN` */
  abstract write(
    address: SecretAddress,
    expectedVersion: number,
    secret: Secret<KeyStoreSecret>,
    signal?: AbortSignal,
  ): Promise<Written | Conflict | Unavailable>;

  /** Reads the latest version if none is given. */
  abstract read(
    address: SecretAddress,
    version?: number,
    signal?: AbortSignal,
  ): Promise<Found | Absent | Deleted | Unavailable>;

  abstract readMetadata(address: SecretAddress, signal?: AbortSignal): Promise<Metadata | Absent | Unavailable>;

  /** Lists the secrets of one account, so that the reconciler can find secrets without rows. */
  abstract list(accountId: string, signal?: AbortSignal): Promise<Listed | Unavailable>;

  /** Soft-deletes one version; does nothing if it does not exist. */
  abstract softDelete(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable>;

  /** Destroys the content of one version permanently. Its number is not reused. */
  abstract destroy(address: SecretAddress, version: number, signal?: AbortSignal): Promise<Done | Unavailable>;

  /** Removes all versions and the metadata, as if the secret had never been written. */
  abstract erase(address: SecretAddress, signal?: AbortSignal): Promise<Done | Unavailable>;

  /** For health checks: takes at most half a second and never rejects. */
  abstract isReachable(): Promise<boolean>;
}
