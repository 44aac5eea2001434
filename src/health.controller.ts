import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';

import { Public } from './auth/access.decorator.js';
import { Database } from './database/database.js';
import { SecretVault } from './vault/secret-vault.js';

type Health = 'up' | 'down';

/** For orchestrators: names its parts and whether each is up, and nothing else. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly vault: SecretVault,
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
  ): Promise<{ status: Health; parts: { database: Health; vault: Health } }> {
    const reached = await Promise.all([this.database.isReachable(), this.vault.isReachable()]);
    const [database, vault] = reached.map((isUp): Health => (isUp ? 'up' : 'down')) as [Health, Health];
    response.status(database === 'up' ? 200 : 503);
    return { status: database, parts: { database, vault } };
  }
}
