import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { formatInstant } from '../common/instant.js';
import { Secret } from '../common/secret.js';
import { bind } from '../http/bind.js';
import { invalidPart, Multipart, partsOf } from '../http/multipart.js';
import { Answers, Summary } from '../http/openapi/operation.decorators.js';
import { ApiBody, ApiProperty, ApiPropertyOptional, ApiTags } from '../http/openapi/swagger.js';
import { MAX_P12_BYTES } from '../keystores/key-store.model.js';
import { Pkcs12TestService } from '../keystores/pkcs12-test.service.js';
import type { AccountPath } from './certificate-id.rules.js';
import { TestedFileDto } from './certificate-item.dto.js';
import { withFormFields } from './sent-items.js';

class UsableFileResource {
  @ApiPropertyOptional({ type: 'string', example: 'CN=api.acme.example' })
  readonly subject!: string | undefined;

  @ApiProperty({ type: 'string', format: 'date-time' })
  readonly expirationDate!: string;
}

const FORM = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary' }, password: { type: 'string', maxLength: 1_000 } },
} as const;

/** L9. LivePerson returns a 500 for a file that is not usable; this server returns a 422 with the reason. */
@ApiTags('mtls')
@Controller('mtls/account/:accountId/p12-test')
export class P12TestController {
  constructor(private readonly files: Pkcs12TestService) {}

  @Summary(
    'Test whether a p12 can be stored',
    'Nothing is stored.',
    'A file that is not usable is 422, with the reason.',
  )
  @Access('MtlsCertificateModify')
  @Answers(UsableFileResource, { versioned: false, description: 'The file is usable.' })
  @Multipart(MAX_P12_BYTES)
  @ApiBody({ schema: FORM as never })
  @HttpCode(200)
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Post('multipart')
  async testP12(
    @CurrentCaller() caller: Caller,
    @Param() { accountId }: AccountPath,
    @Req() request: Request,
  ): Promise<UsableFileResource> {
    const { file: p12, password } = partsOf(request, { file: 'file', password: 'text' });
    if (p12 === undefined) throw invalidPart('file', 'The part file with the p12 is missing.');
    const sent = bind(TestedFileDto, password === undefined ? {} : { password: password.toString('utf8') });
    const file = new Secret({ p12, password: sent.password });
    const { subject, expires } = await withFormFields(async () => await this.files.test(caller, accountId, file));
    return { subject, expirationDate: formatInstant(expires) };
  }
}
