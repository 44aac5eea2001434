interface SettingText {
  /** The table of docs/settings.md that it stands in. */
  readonly group:
    | 'listening'
    | 'database'
    | 'tokens'
    | 'xTokens'
    | 'vault'
    | 'audit'
    | 'outgoing'
    | 'pages'
    | 'behaviour';
  readonly effect: string;
  /** The form of a text, where the way it is read does not say it. */
  readonly form?: string;
  /** In place of a default: what a start demands, or what it does without the setting. */
  readonly absent?: string;
}

/**
 * What docs/settings.md says of each setting, in Markdown and in the order of the page. Types, bounds and defaults are
 * taken from the code that reads the setting; a setting without its text cannot be read there (`Environment`).
 */
export const SETTING_TEXTS = {
  HOST: {
    group: 'listening',
    form: 'address or host name',
    effect: 'The address to listen on. Embedded mode refuses anything but loopback; the image sets `0.0.0.0`.',
  },
  PORT: { group: 'listening', effect: 'The port to listen on; `0` takes a free one.' },
  WORKERS: {
    group: 'listening',
    form: 'whole number, 1 to 64, or `auto`',
    effect:
      'How many processes serve, to use several cores; `auto`: one for each core. With more than one, another process starts them, replaces one that has ended or hangs and, on SIGHUP, replaces all of them one after the other. [growth.md](operations/growth.md) says when that helps. On Windows, only one.',
  },
  MAX_CONNECTIONS: {
    group: 'listening',
    effect:
      'How many connections callers may have open at a time. With several workers, each accepts an equal part of them. Each connection takes a file descriptor (`ulimit -n`). An address that is not in `TRUSTED_PROXIES` gets half of them at most.',
  },
  TRUSTED_PROXIES: {
    group: 'listening',
    form: 'addresses or networks (`10.0.0.0/8`), separated by commas',
    effect:
      "The reverse proxies whose `X-Forwarded-For` certkeep believes. The nearest address that is not one of these is the caller's; the log shows it as `address`. `X-Request-Id` is also kept from these proxies only (in embedded mode, from anybody).",
  },
  CLIENT_CERT_HEADER: {
    group: 'listening',
    effect:
      'The form in which `TRUSTED_PROXIES` forward the client certificate of a TLS connection: `rfc9440` (`Client-Cert`, `Client-Cert-Chain`), `xfcc` (`X-Forwarded-Client-Cert`), `nginx` (`X-SSL-Client-Cert`), `haproxy` (`X-SSL-Client-DER`), `alb` (`X-Amzn-Mtls-Clientcert-Leaf`). The proxies must remove the header that their callers send; [gateways.md](gateways.md) shows how. Needs `TRUSTED_PROXIES`.',
  },
  TLS_PORT: {
    group: 'listening',
    absent: 'none: no TLS listener; embedded mode: 3443, with a certificate for this machine',
    effect:
      'The port of a TLS listener (TLS 1.2 and 1.3) on `HOST`, beside the one on `PORT`. It asks for a client certificate, accepts a client with any certificate or none, and lets the login routes decide. `TLS_PORT`, `TLS_CERT_FILE` and `TLS_KEY_FILE` must be set together.',
  },
  TLS_CERT_FILE: {
    group: 'listening',
    effect:
      "The server's certificate in PEM, followed by its intermediates. Every ten seconds, certkeep checks whether one of the TLS files has changed, and uses the new ones for new connections. If they cannot be used or do not belong together, this is logged, and the former ones stay in use.",
  },
  TLS_KEY_FILE: { group: 'listening', effect: 'The private key of that certificate in PEM, not encrypted.' },
  TLS_CLIENT_CA_FILE: {
    group: 'listening',
    effect:
      'Certificates in PEM. Their subjects are sent to TLS clients as a hint which certificate to choose; they do not affect which certificates are accepted.',
  },
  DRAIN_SECONDS: {
    group: 'listening',
    effect:
      "How long certkeep keeps serving after SIGTERM while `/health/ready` returns 503. It must be longer than the load balancer's probe interval times the number of failures that it waits for (HAProxy: `inter` × `fall`). With five seconds added, it must be shorter than the time that the orchestrator waits before SIGKILL.",
  },
  CORS_ORIGINS: {
    group: 'listening',
    form: 'origins, separated by commas',
    effect: 'The origins of consoles that run in a browser (`https://console.acme.example`).',
  },
  LOG_LEVEL: {
    group: 'listening',
    effect: 'The least important lines that are logged. `info` includes one line per request.',
  },
  NODE_ENV: {
    group: 'database',
    effect:
      'With `production`, certkeep does not start without `DATABASE_URL`, so that nobody mistakes a trial database for a real one.',
  },
  DATABASE_URL: {
    group: 'database',
    form: 'URL, `postgres://…`',
    absent: 'none: embedded mode',
    effect:
      'PostgreSQL 15 or later, and a database with the encoding UTF8; any other is refused at the start. Required with `NODE_ENV=production`.',
  },
  DATABASE_URL_FILE: { group: 'database', effect: 'The same URL in a file. Only one of the two may be set.' },
  DATABASE_REPLICA_URL: {
    group: 'database',
    form: 'URL, `postgres://…`',
    absent: 'none',
    effect:
      'A read-only copy (streaming replica) for lists, searches, audit queries and exports. These may then lack the changes of the last 11 seconds, including the caller’s own. While the replica lags more than 10 s, or fails, the primary serves them. The URL must not lead through a pooler.',
  },
  DATABASE_REPLICA_URL_FILE: {
    group: 'database',
    effect: 'The same URL in a file. Only one of the two may be set.',
  },
  DATABASE_POOLER: {
    group: 'database',
    effect:
      '`transaction`: `DATABASE_URL` leads to a pooler in transaction mode, such as PgBouncer. certkeep then sets its time limits in each transaction, and uses no prepared statements. [ADR 61](adr/0061-pooler.md) has the cost.',
  },
  DATABASE_DIRECT_URL: {
    group: 'database',
    form: 'URL, `postgres://…`',
    absent: 'none; required with `DATABASE_POOLER=transaction`',
    effect:
      'The database without the pooler, for migrations, readiness and background work: at most ten connections for each worker.',
  },
  DATABASE_DIRECT_URL_FILE: {
    group: 'database',
    effect: 'The same URL in a file. Only one of the two may be set.',
  },
  DATABASE_POOL: {
    group: 'database',
    effect:
      'How many connections requests may use, all workers together; with more than two workers, the default is five for each. While others wait, a client may use at most half of them. A request that would probably wait longer than 1 s gets 503 with `Retry-After: 1` at once ([Limits](#limits)). Readiness and background work use up to eight more connections for each worker. [growth.md](operations/growth.md#the-pool) says how many are useful.',
  },
  DATABASE_WAIT_SECONDS: {
    group: 'database',
    effect:
      'How long a start waits for a database that is starting, recovering or not reachable yet. Meanwhile certkeep logs that it is waiting.',
  },
  STATEMENT_TIMEOUT_MS: {
    group: 'database',
    effect: 'How long a statement may take; after that, certkeep cancels it and returns 503.',
  },
  MIGRATE: {
    group: 'database',
    effect: 'With `off`, a start runs no migrations, and fails if the database lacks some (`npm run migrate`).',
  },
  CERTKEEP_DATA: {
    group: 'database',
    form: 'path of a folder',
    effect:
      'Embedded mode: the directory for the database, `secrets/` (files of mode 0600 in a directory of mode 0700), `tls/` and `demo/`.',
  },
  JWT_JWKS_URL: {
    group: 'tokens',
    form: 'URL, `https://…`; plain http only to this machine',
    effect:
      "The address of the issuer's JWK Set. certkeep fetches it at the start and, if that fails, tries again every five " +
      'seconds (until then `/health/ready` is 503 with `keys: down`). It fetches the set again after five minutes, and when ' +
      'a token names an unknown key (at most once a minute), so that keys can be rotated without a restart. If the set ' +
      'cannot be fetched any more, the last keys are used for 24 hours; after that, every request is 503.',
  },
  JWT_PUBLIC_KEY_FILE: {
    group: 'tokens',
    effect:
      'A public key as PEM. The key decides the algorithms: RSA (2048 bits or more) RS256…PS512, P-256 ES256, P-384 ES384, ' +
      'P-521 ES512, Ed25519 EdDSA.',
  },
  JWT_SECRET_FILE: {
    group: 'tokens',
    effect: 'HS256 only. The secret is the bytes of the file without one trailing line end, at least 32.',
  },
  JWT_ISSUER: {
    group: 'tokens',
    absent: 'required; embedded mode: `certkeep`',
    effect: 'The required value of `iss`.',
  },
  JWT_AUDIENCE: {
    group: 'tokens',
    absent: 'required; embedded mode: `certkeep`',
    effect: 'The value that `aud` must equal or contain.',
  },
  JWT_CLAIM_CLIENT: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect:
      "The claim that names the caller's own client. As in the next three settings, a name or a path such as `realm_access.roles`.",
  },
  JWT_CLAIM_ROLES: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect: "The claim with the caller's roles: a list, or a text in which they are separated by spaces.",
  },
  JWT_CLAIM_PERMISSIONS: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect: 'The claim with further rights: a list, or a text in which they are separated by spaces.',
  },
  JWT_CLAIM_DATA_ROOM: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect: 'The claim with the clients that the caller may reach: `{"clients": ["100"]}`, or `["*"]` for all.',
  },
  ROLES_FILE: {
    group: 'tokens',
    absent: 'the built-in table',
    effect:
      'A JSON file that maps roles to permissions: `{"reader": ["AccessControl.CredentialView"]}`. It replaces the whole built-in table.',
  },
  X_TOKEN_SECRET_FILE: {
    group: 'xTokens',
    absent: 'required; embedded mode: generated',
    effect:
      'The secret that signs and verifies X-Tokens (HS256), at least 32 bytes. It must differ from the one in `JWT_SECRET_FILE`.',
  },
  X_TOKEN_SECONDS: { group: 'xTokens', effect: 'How many seconds an X-Token is valid.' },
  VAULT_KEY_FILE: {
    group: 'vault',
    absent: 'embedded mode: generated (`secrets/vault-key`)',
    effect:
      'Key-encryption keys in base64 (`openssl rand -base64 32`), one per line, the current one first. Lines that start with `#` are comments. If you lose this file, you lose the secrets: keep a copy, separately from the backups of the database.',
  },
  VAULT_ADDR: {
    group: 'vault',
    form: 'URL, `https://…` without a path; plain http only to this machine',
    effect:
      'The address of the vault, such as `https://vault.acme.example:8200`. For a certificate authority of your own, set `NODE_EXTRA_CA_CERTS`.',
  },
  VAULT_MOUNT: { group: 'vault', form: 'path', effect: 'Where the KV engine, version 2, is mounted.' },
  VAULT_NAMESPACE: { group: 'vault', effect: 'The namespace of the mount.' },
  VAULT_TOKEN_FILE: {
    group: 'vault',
    effect:
      'A token for the vault; the file is read again if the vault refuses the token. Alternatively, set the next two.',
  },
  VAULT_ROLE_ID: { group: 'vault', effect: 'The role id of AppRole, mounted at `approle`.' },
  VAULT_SECRET_ID_FILE: { group: 'vault', effect: 'The secret id that belongs to `VAULT_ROLE_ID`.' },
  RECONCILE_SECONDS: {
    group: 'vault',
    effect:
      'How often the reconciler compares the vault with the database and finishes interrupted requests. One run makes at most 500 calls to the vault; the next run continues there.',
  },
  KEY_STORE_RETENTION_DAYS: {
    group: 'vault',
    effect:
      'How long the secret of a deleted key store stays in the vault, soft-deleted, before it is destroyed. With `0` it is destroyed at once. The setting also applies to key stores that were deleted before it was set.',
  },
  AUDIT_RETENTION_DAYS: {
    group: 'audit',
    effect:
      'How long the audit log is kept. A month is dropped as a whole when it ended more than this many days ago; `0` keeps everything.',
  },
  AUDIT_EXPORT_DIR: {
    group: 'audit',
    form: 'path of a folder',
    effect:
      'The folder to which each month is exported before it is dropped. A month whose export failed is not dropped.',
  },
  OUTGOING_ALLOW: {
    group: 'outgoing',
    form: 'addresses or networks, each with or without a port (`10.0.0.0/8`, `10.1.2.3:8080`, `[fd00::/8]:8080`), separated by commas',
    effect:
      'Where CRLs and OCSP responses may be fetched from, besides public addresses. An entry without a port stands for the ports 80 and 443; an entry with a port stands for that port only.',
  },
  CONSOLE: {
    group: 'pages',
    effect: 'With `off`, certkeep serves neither `/console/` nor `/my/`.',
  },
  OIDC_ISSUER: {
    group: 'pages',
    form: 'URL, `https://…`; plain http only to this machine',
    effect:
      'The OpenID Connect issuer at which people sign in to the pages, exactly as it names itself in its metadata. ' +
      '[console.md](console.md) has recipes. Needs `OIDC_CLIENT_ID`.',
  },
  OIDC_CLIENT_ID: {
    group: 'pages',
    effect:
      'The client id of the pages at that issuer: a public client, with the redirect URI `/console/` of this server.',
  },
  OIDC_SCOPE: {
    group: 'pages',
    form: 'words, separated by spaces',
    effect:
      'The scope that the pages ask for. If the issuer decides by scope which server an access token is for, the scope must be that of this server.',
  },
  OIDC_RESOURCE: {
    group: 'pages',
    form: 'URI',
    effect:
      'The `resource` that the pages ask for (RFC 8707), for issuers that decide by it which server an access token is for.',
  },
  FINGERPRINT_ALGORITHM: {
    group: 'behaviour',
    effect:
      '`sha1` shows the older fingerprints, for programs that compare them. Both are stored and can be searched for.',
  },
  REQUIRE_VERSION: {
    group: 'behaviour',
    effect: 'With `true`, a PATCH or DELETE with neither `version` nor `If-Match` gets 428.',
  },
  MAX_CREDENTIALS_PER_USER: {
    group: 'behaviour',
    effect:
      'How many certificates a user may have, archived ones included. Lowering it removes nothing: users who have more keep them, but cannot add another.',
  },
} as const satisfies Readonly<Record<string, SettingText>>;

export type SettingName = keyof typeof SETTING_TEXTS;
