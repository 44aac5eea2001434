import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';

import { Public } from './auth/access.decorator.js';
import { FirstKeys } from './auth/first-keys.js';
import { BackgroundDatabase } from './database/database.js';
import { ReplicaWatch } from './database/replica-watch.js';
import { Draining } from './draining.js';
import { ApiExcludeController } from './http/openapi/swagger.js';
import { SecretVault } from './vault/secret-vault.js';

type Health = 'up' | 'down';

/** For orchestrators: returns only the names of the parts and whether each is up. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  private checking: Promise<readonly [database: boolean, vault: boolean]> | undefined;

  constructor(
    private readonly database: BackgroundDatabase,
    private readonly vault: SecretVault,
    private readonly draining: Draining,
    private readonly keys: FirstKeys,
    private readonly replica: ReplicaWatch,
  ) {}

  @Public()
  @Get('live')
  live(): { status: Health } {
    return { status: 'up' };
  }

  /** Without the vault, the server can handle everything except a few writes of key stores, so it stays ready. */
  @Public()
  @Get('ready')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: Health; parts: { database: Health; vault: Health; keys?: Health; replica?: Health } }> {
    // Anyone may call this as often as they like, so only one check of database and vault runs at a time.
    this.checking ??= this.check().finally(() => (this.checking = undefined));
    const [database, vault] = await this.checking;
    const keys = this.keys.areLoaded;
    const isReady = database && keys !== false && !this.draining.isNotReady;
    response.status(isReady ? 200 : 503);
    return {
      status: healthOf(isReady),
      parts: {
        database: healthOf(database),
        vault: healthOf(vault),
        ...(keys === undefined ? {} : { keys: healthOf(keys) }),
        // The primary serves in its place, so the server stays ready.
        ...(this.replica.isUp === undefined ? {} : { replica: healthOf(this.replica.isUp) }),
      },
    };
  }

  private async check(): Promise<readonly [database: boolean, vault: boolean]> {
    return await Promise.all([this.database.isReady(), this.vault.isReachable()]);
  }
}

function healthOf(isUp: boolean): Health {
  return isUp ? 'up' : 'down';
}
