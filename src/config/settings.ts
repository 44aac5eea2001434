import type { KeyObject } from 'node:crypto';

import type { ClaimNames } from '../common/actor.js';
import type { CertificateHeaderForm } from '../common/certificate-header-form.js';
import type { Permission } from '../common/permission.js';
import type { Secret } from '../common/secret.js';
import type { AllowedNetwork } from './network-lists.js';
import type { PageSettings } from './page-settings.js';
import type { VerificationKey } from './signing-keys.js';
import type { TlsSettings } from './tls-settings.js';
import type { VaultSettings } from './vault-settings.js';

/** All settings, parsed and frozen. `docs/settings.md` documents them. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** How many processes serve; with 1, the process that was started does it itself. */
  readonly workers: number;
  /** Of all workers together, like the size of the pool. */
  readonly maxConnections: number;
  readonly database: {
    /** How long to wait at startup for a database that is not ready yet. */
    readonly waitSeconds: number;
    /** If absent, the embedded mode is used. */
    readonly url: Secret<string> | undefined;
    /** If present, `url` is that of a pooler in transaction mode, and this is the database itself. */
    readonly directUrl?: Secret<string> | undefined;
    /** A read-only copy for lists, searches, audit queries and exports. */
    readonly replicaUrl?: Secret<string> | undefined;
    readonly poolSize: number;
    readonly statementTimeoutMs: number;
    readonly migrate: boolean;
  };
  readonly dataDirectory: string;
  readonly tokens: TokenSettings;
  readonly xToken: XTokenSettings;
  readonly vault: VaultSettings;
  /** How long the server continues to serve after SIGTERM while it already reports that it is not ready. */
  readonly drainMs: number;
  /** Interval of the reconciler. */
  readonly reconcileSeconds: number;
  /** How long the secret of a deleted key store is kept. */
  readonly keyStoreRetentionDays: number;
  readonly audit: {
    /** Whole months of the audit log that are older are dropped; 0: none. */
    readonly retentionDays: number;
    /** The folder to which a month is exported before it is dropped; absent: none is exported. */
    readonly exportDirectory: string | undefined;
  };
  /** Role name to permissions; contract 4.2. */
  readonly roles: ReadonlyMap<string, readonly Permission[]>;
  readonly fingerprintAlgorithm: 'sha256' | 'sha1';
  readonly requireVersion: boolean;
  /** Maximum per type. */
  readonly maxCredentialsPerUser: number;
  readonly logLevel: LogLevel;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** The form in which these proxies forward client certificates; absent: they forward none. */
  readonly clientCertHeader: CertificateHeaderForm | undefined;
  /** The TLS listener of this server; absent: there is none. */
  readonly tls: TlsSettings | undefined;
  /** Where requests to addresses that certificates name may go, beside public addresses. */
  readonly outgoingAllow: readonly AllowedNetwork[];
  /** The console and self-service. */
  readonly pages: PageSettings;
}

/** Injection token of `Settings`, which is an interface and therefore cannot be its own token. */
export const SETTINGS = Symbol('certkeep.settings');

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface TokenSettings {
  readonly keys: TokenKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly claims: ClaimNames;
}

/** The keys that verify bearer tokens: a single one, or a key set that is fetched (RFC 7517). */
export type TokenKeys = VerificationKey | { readonly jwksUrl: URL };

export interface XTokenSettings {
  readonly key: KeyObject;
  readonly seconds: number;
}
