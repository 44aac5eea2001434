import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';

import { Public } from './auth/access.decorator.js';
import { Metrics } from './http/metrics.js';
import { ApiExcludeController } from './http/openapi/swagger.js';

/** For Prometheus. Public like the health routes, because no metric names a client, a user or a certificate. */
@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Public()
  @Get()
  async show(@Res() response: Response): Promise<void> {
    response.setHeader('Content-Type', this.metrics.registry.contentType);
    response.send(await this.metrics.text());
  }
}
