import { randomBytes } from 'node:crypto';

import type { BulkFixture } from './bulk-fixture.js';
import { KillableServer, type KillPoint } from './killable-server.js';
import { SettingsFolder } from './settings-folder.js';

/** How often a server is killed while it works on a job; `npm run test:crash` sets more. */
export const KILLS = Number(process.env['CERTKEEP_KILLS'] ?? 6);

/** Servers in processes of their own that work on the jobs of a fixture, and are killed while they do. */
export class KilledJobServers {
  private readonly folder = new SettingsFolder();
  private readonly variables: Readonly<Record<string, string>>;

  constructor(private readonly bulk: BulkFixture) {
    const { app } = bulk;
    const { url } = app.dataSource.options as { url: string };
    this.variables = {
      DATABASE_URL: url,
      DATABASE_POOL: '2',
      JWT_ISSUER: 'certkeep',
      JWT_AUDIENCE: 'certkeep',
      JWT_SECRET_FILE: this.folder.file('jwt', app.tokenKey.export()),
      X_TOKEN_SECRET_FILE: this.folder.file('x-token', randomBytes(48).toString('hex')),
      VAULT_KEY_FILE: this.folder.file('vault-key', randomBytes(32).toString('base64')),
      KILL_STEPS: 'jobs',
    };
  }

  /** Starts a server and kills it, `KILLS` times. Afterwards the jobs run when the test says so. */
  async run(killPointOf: (number: number) => KillPoint): Promise<void> {
    let next = KillableServer.start(this.variables);
    try {
      for (let number = 0; number < KILLS; number += 1) {
        const server = await next;
        const killed = server.killAt(killPointOf(number));
        await this.endLease();
        await killed;
        next = KillableServer.start(this.variables);
      }
    } finally {
      (await next).stop();
    }
    await this.endLease();
  }

  close(): void {
    this.folder.remove();
  }

  /** A killed leader keeps its lease for seconds of the database's own clock, which no test can set. */
  private async endLease(): Promise<void> {
    await this.bulk.app.dataSource.query('delete from leases');
  }
}
