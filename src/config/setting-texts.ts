interface SettingText {
  /** The table of docs/settings.md that it stands in. */
  readonly group: 'listening' | 'database' | 'tokens' | 'xTokens' | 'vault' | 'behaviour';
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
    effect: 'The address to listen on. The embedded mode refuses anything but loopback; the image has `0.0.0.0`.',
  },
  PORT: { group: 'listening', effect: 'The port. `0` takes a free one.' },
  MAX_CONNECTIONS: {
    group: 'listening',
    effect:
      'Connections of callers at a time, each a descriptor (`ulimit -n`); half of them for one address that is not in ' +
      '`TRUSTED_PROXIES`. Per process.',
  },
  TRUSTED_PROXIES: {
    group: 'listening',
    form: 'addresses or networks (`10.0.0.0/8`), separated by commas',
    effect:
      "The proxies whose `X-Forwarded-For` is believed: the nearest address that is none of these is the client's, `address` " +
      'in the log. Only from them an `X-Request-Id` is kept (embedded mode: from anybody).',
  },
  DRAIN_SECONDS: {
    group: 'listening',
    effect:
      "How long after SIGTERM requests are still served while `/health/ready` answers 503. Must exceed the load balancer's " +
      'interval of probes times the failures it asks for (HAProxy: `inter` × `fall`), and with five seconds more stay below ' +
      'what the orchestrator waits before SIGKILL.',
  },
  CORS_ORIGINS: {
    group: 'listening',
    form: 'origins, separated by commas',
    effect: 'Origins of browser consoles (`https://console.acme.example`).',
  },
  LOG_LEVEL: { group: 'listening', effect: 'What is logged; `info` writes one JSON line for each request.' },
  NODE_ENV: {
    group: 'database',
    effect:
      '`production`: a start without `DATABASE_URL` is refused, so that no trial database is taken for a real one. Any other ' +
      'value has no effect.',
  },
  DATABASE_URL: {
    group: 'database',
    form: 'URL, `postgres://…`',
    absent: 'none: embedded mode',
    effect: 'PostgreSQL 15 or later; an older one is refused at the start. Required with `NODE_ENV=production`.',
  },
  DATABASE_URL_FILE: { group: 'database', effect: 'The same URL in a file. Only one of the two may be set.' },
  DATABASE_POOL: {
    group: 'database',
    effect:
      'Connections that requests use, at most; a client holds half of them at most while others wait. A request that waits ' +
      '5 s for one, or is one too many (500 of a client, 2,000 in all), is 503 with `Retry-After: 1`. Readiness and ' +
      'background work use up to three more.',
  },
  DATABASE_WAIT_SECONDS: {
    group: 'database',
    effect:
      'How long a start waits for a database that is starting, recovering or not yet there; it says so meanwhile.',
  },
  STATEMENT_TIMEOUT_MS: {
    group: 'database',
    effect: 'Milliseconds after which a statement is given up and answered 503.',
  },
  MIGRATE: {
    group: 'database',
    effect: '`off`: the start runs no migrations, and refuses a database that lacks some (`npm run migrate`).',
  },
  CERTKEEP_DATA: {
    group: 'database',
    form: 'path of a folder',
    effect: 'Embedded mode: the database, `secrets/` (mode 0600 in a folder of 0700) and `demo/`.',
  },
  JWT_JWKS_URL: {
    group: 'tokens',
    form: 'URL, `https://…`; plain http from this machine alone',
    effect:
      "The issuer's JWK Set. Fetched at the start, every five seconds until it is there (until then `/health/ready` is 503 " +
      'with `keys: down`), anew after five minutes or when a token names an unknown key (at most once a minute), so that keys ' +
      'are exchanged without a restart. While it cannot be fetched the last keys serve for 24 hours, then every request is 503.',
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
  JWT_ISSUER: { group: 'tokens', absent: 'required; embedded mode: `certkeep`', effect: 'What `iss` must be.' },
  JWT_AUDIENCE: {
    group: 'tokens',
    absent: 'required; embedded mode: `certkeep`',
    effect: 'What `aud` must be, or contain.',
  },
  JWT_CLAIM_CLIENT: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect:
      "The claim with the caller's own client; like the next three a name, or a path such as `realm_access.roles`.",
  },
  JWT_CLAIM_ROLES: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect: "The claim with the caller's roles: a list, or a text of words.",
  },
  JWT_CLAIM_PERMISSIONS: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect: 'The claim with further rights: a list, or a text of words.',
  },
  JWT_CLAIM_DATA_ROOM: {
    group: 'tokens',
    form: 'name or path of a claim',
    effect: 'The claim with the clients that the caller reaches: `{"clients": ["100"]}`, or `["*"]`.',
  },
  ROLES_FILE: {
    group: 'tokens',
    absent: 'the built-in table',
    effect:
      'JSON, role to permissions: `{"reader": ["AccessControl.CredentialView"]}`; takes the place of the whole table.',
  },
  X_TOKEN_SECRET_FILE: {
    group: 'xTokens',
    absent: 'required; embedded mode: generated',
    effect: 'Signs and verifies X-Tokens (HS256), at least 32 bytes; must differ from the secret of `JWT_SECRET_FILE`.',
  },
  X_TOKEN_SECONDS: { group: 'xTokens', effect: 'How many seconds an X-Token is valid.' },
  VAULT_KEY_FILE: {
    group: 'vault',
    absent: 'embedded mode: generated (`secrets/vault-key`)',
    effect:
      'Key-encryption keys, one a line in base64 (`openssl rand -base64 32`), the current one first; lines with `#` are ' +
      "comments. Who loses it loses the secrets: keep a copy apart from the database's.",
  },
  VAULT_ADDR: {
    group: 'vault',
    form: 'URL, `https://…` without a path; plain http to this machine alone',
    effect:
      "The vault's address, `https://vault.acme.example:8200`. A certificate authority of your own: `NODE_EXTRA_CA_CERTS`.",
  },
  VAULT_MOUNT: { group: 'vault', form: 'path', effect: 'Where the KV engine, version 2, is mounted.' },
  VAULT_NAMESPACE: { group: 'vault', effect: 'The namespace in the vault.' },
  VAULT_TOKEN_FILE: {
    group: 'vault',
    effect: 'A token for the vault, read again when the token is refused; or else the two below.',
  },
  VAULT_ROLE_ID: { group: 'vault', effect: 'The role id of AppRole, mounted at `approle`.' },
  VAULT_SECRET_ID_FILE: { group: 'vault', effect: 'The secret id that belongs to `VAULT_ROLE_ID`.' },
  RECONCILE_SECONDS: {
    group: 'vault',
    effect:
      'How often vault and database are compared, and what was broken off is ended; at most 500 calls of the vault each time, ' +
      'the next time goes on there.',
  },
  KEY_STORE_RETENTION_DAYS: {
    group: 'vault',
    effect:
      'How long the secret of a deleted key store stays in the vault, softly deleted, before it is destroyed. `0`: destroyed ' +
      'at once. It also holds for those deleted before it was set.',
  },
  FINGERPRINT_ALGORITHM: {
    group: 'behaviour',
    effect: '`sha1` shows the older fingerprints, for clients that compare them; both are stored and found.',
  },
  REQUIRE_VERSION: {
    group: 'behaviour',
    effect: '`true`: a PATCH or DELETE with neither `version` nor `If-Match` is 428.',
  },
  MAX_CREDENTIALS_PER_USER: {
    group: 'behaviour',
    effect:
      'How many certificates a user may have, archived ones included. A lower value takes nothing away: who has more keeps ' +
      'them, and gets no further one.',
  },
} as const satisfies Readonly<Record<string, SettingText>>;

export type SettingName = keyof typeof SETTING_TEXTS;
