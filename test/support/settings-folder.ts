import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StartError } from '../../src/common/start-error.js';
import { readSettings } from '../../src/config/read-settings.js';
import type { Settings } from '../../src/config/settings.js';

/** A folder for the files that settings name, and environments for tests of settings. */
export class SettingsFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'certkeep-settings-'));

  /** Writes a file and returns its path. */
  file(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  /** Only a data directory, `data` in this folder. */
  embedded(more: Readonly<Record<string, string>> = {}): Settings {
    return readSettings({ CERTKEEP_DATA: join(this.path, 'data'), ...more });
  }

  /** The settings that a server with its own database requires. */
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

/** The lines of the message that refuses the start, without its heading; empty where it would start. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message.split('\n').slice(1);
  }
  return [];
}
