import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';

import { Public } from './auth/access.decorator.js';
import { FirstKeys } from './auth/first-keys.js';
import { BackgroundDatabase } from './database/database.js';
import { Draining } from './draining.js';
import { SecretVault } from './vault/secret-vault.js';

type Health = 'up' | 'down';

/** For orchestrators: names its parts and whether each is up, and nothing else. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  private looking: Promise<readonly [database: boolean, vault: boolean]> | undefined;

  constructor(
    private readonly database: BackgroundDatabase,
    private readonly vault: SecretVault,
    private readonly draining: Draining,
    private readonly keys: FirstKeys,
  ) {}

  @Public()
  @Get('live')
  live(): { status: Health } {
    return { status: 'up' };
  }

  /** Without its vault the server answers all but a few writes of key stores, so that it stays ready. */
  @Public()
  @Get('ready')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: Health; parts: { database: Health; vault: Health; keys?: Health } }> {
    // Anybody may ask, as often as he likes; database and vault are asked once at a time.
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    const [database, vault] = await this.looking;
    const keys = this.keys.areLoaded;
    const isReady = database && keys !== false && !this.draining.hasBegun;
    response.status(isReady ? 200 : 503);
    return {
      status: healthOf(isReady),
      parts: {
        database: healthOf(database),
        vault: healthOf(vault),
        ...(keys === undefined ? {} : { keys: healthOf(keys) }),
      },
    };
  }

  private async look(): Promise<readonly [database: boolean, vault: boolean]> {
    return await Promise.all([this.database.isReady(), this.vault.isReachable()]);
  }
}

function healthOf(isUp: boolean): Health {
  return isUp ? 'up' : 'down';
}
