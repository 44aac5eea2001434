import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';

import { Public } from './auth/access.decorator.js';
import { Database } from './database/database.js';

type Health = 'up' | 'down';

/** For orchestrators: names its parts and whether each is up, and nothing else. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Public()
  @Get('live')
  live(): { status: Health } {
    return { status: 'up' };
  }

  @Public()
  @Get('ready')
  async ready(
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: Health; parts: { database: Health } }> {
    const database = (await this.database.isReachable()) ? 'up' : 'down';
    response.status(database === 'up' ? 200 : 503);
    return { status: database, parts: { database } };
  }
}
