import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Request } from 'express';

import { booleanParameter, readQuery } from './query.js';

/** `?dryRun=true` (contract 1.4): everything is checked and answered, nothing is written. */
export const DryRun = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { dryRun } = readQuery(context.switchToHttp().getRequest<Request>(), ['dryRun']);
  return booleanParameter('dryRun', dryRun);
});

export function ApiDryRun(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'dryRun',
      required: false,
      schema: { type: 'boolean', default: false },
      description: 'Check and answer as the real request would, with every rule that was asked; write nothing.',
    }),
  );
}
