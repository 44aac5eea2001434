import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StartError } from '../../src/common/start-error.js';
import { readSettings } from '../../src/config/read-settings.js';
import type { Settings } from '../../src/config/settings.js';

/** A folder for the files that settings name, and the environments that tests of settings vary. */
export class SettingsFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'certkeep-settings-'));

  /** Writes it and answers its path. */
  file(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  /** Nothing but a data directory, `data` of this folder. */
  embedded(more: Readonly<Record<string, string>> = {}): Settings {
    return readSettings({ CERTKEEP_DATA: join(this.path, 'data'), ...more });
  }

  /** The least that a server with its own database needs. */
  production(more: Readonly<Record<string, string | undefined>> = {}): Settings {
    return readSettings({
      DATABASE_URL: 'postgresql://certkeep:correct-horse@db/certkeep',
      JWT_ISSUER: 'https://login.acme.example',
      JWT_AUDIENCE: 'certkeep-production',
      JWT_SECRET_FILE: this.file('jwt', 'j'.repeat(32)),
      X_TOKEN_SECRET_FILE: this.file('x-token', 'x'.repeat(32)),
      VAULT_KEY_FILE: this.file('vault-key', Buffer.alloc(32, 'v').toString('base64')),
      ...more,
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** What the start would say, line by line, without its heading; nothing where it would start. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message.split('\n').slice(1);
  }
  return [];
}
