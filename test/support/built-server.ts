import { randomBytes } from 'node:crypto';

import type { TestApp } from './app.js';
import type { SettingsFolder } from './settings-folder.js';

/** The environment of a built server that uses the database of this application and accepts its tokens. */
export function variablesBeside(app: TestApp, folder: SettingsFolder): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: (app.dataSource.options as { url: string }).url,
    DATABASE_POOL: '5',
    JWT_ISSUER: 'certkeep',
    JWT_AUDIENCE: 'certkeep',
    JWT_SECRET_FILE: folder.file('jwt', app.tokenKey.export()),
    X_TOKEN_SECRET_FILE: folder.file('x-token', randomBytes(48)),
    VAULT_KEY_FILE: folder.file('vault-key', randomBytes(32).toString('base64')),
  };
}
