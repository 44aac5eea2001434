import { Controller, Header, HttpCode, Post } from '@nestjs/common';

import { NotAudited } from '../audit/audited-as.decorator.js';
import { AccessWithoutClient, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { Answers, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { RequestBody } from '../http/request-body.decorator.js';
import { TokenRequestDto } from './token-request.dto.js';
import { TokenResource } from './token-resource.js';
import { TokenService } from './token.service.js';

/** T1. */
@ApiTags('principal')
@Controller('nevisidm/api/principal/v1/token')
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  @Summary(
    'Log in with a password to get an X-Token',
    'Send the raw token in the header `X-Token` of requests in which users change their own record. It becomes invalid when the password changes.',
    'A wrong password counts as a failed login, and locks the password according to its policy.',
    'The response is the same for every cause of failure. Too many attempts are 429, too many at the same time 503.',
  )
  @AccessWithoutClient('SelfAdmin')
  @Answers(TokenResource, { versioned: false })
  @Refuses('errors.invalidCredentials', 'errors.tooManyRequests')
  // RFC 6749 section 5.1.
  @Header('Pragma', 'no-cache')
  @HttpCode(200)
  @NotAudited()
  @Post()
  async issueXToken(
    @CurrentCaller() caller: Caller,
    @RequestBody(TokenRequestDto) body: TokenRequestDto,
  ): Promise<TokenResource> {
    return await this.tokens.issue(caller, body);
  }
}
