import { Controller, HttpCode, Param, Post } from '@nestjs/common';

import { NotAudited } from '../../audit/audited-as.decorator.js';
import { Access, AccessOrSelf, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import { Answers, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiTags } from '../../http/openapi/swagger.js';
import { RequestBody } from '../../http/request-body.decorator.js';
import type { CertificatesPath } from '../certificate-path.js';
import { ExplainCertificateDto, ExplainOwnCertificateDto } from './explain.dto.js';
import { ExplainService } from './explain.service.js';
import { ExplanationResource } from './explanation-resource.js';

/** E1 and E3. */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId')
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  @Summary(
    'Explain what an upload of a certificate would result in',
    'Or, with `purpose` `login`, a login with it. Nothing changes. The answer has every rule that was evaluated, the path to a trust anchor or the best attempt, and what would make it pass.',
    'Without `userExtId` and `policyExtId`, a registered certificate is explained for its user and by its policy, any other by the default policy.',
  )
  @Access('CredentialView')
  @Answers(ExplanationResource, { versioned: false })
  @NotAudited()
  @HttpCode(200)
  @Post('certificates/explain')
  async explainCertificate(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @RequestBody(ExplainCertificateDto) sent: ExplainCertificateDto,
  ): Promise<ExplanationResource> {
    return await this.explanations.explain(caller, { clientExtId }, sent);
  }

  @Summary(
    'Explain what an upload of a certificate for this user would result in',
    'Or, with `purpose` `login`, a login with it. Nothing changes. Users may ask for themselves, without `policyExtId`; they learn whether the certificate is registered, but not whose it is.',
  )
  @AccessOrSelf('allowed', 'CredentialView')
  @Answers(ExplanationResource, { versioned: false })
  @NotAudited()
  @HttpCode(200)
  @Post('users/:userExtId/certificates/explain')
  async explainUserCertificate(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId, userExtId }: CertificatesPath,
    @RequestBody(ExplainOwnCertificateDto) sent: ExplainOwnCertificateDto,
  ): Promise<ExplanationResource> {
    return await this.explanations.explain(caller, { clientExtId, userExtId }, sent);
  }
}
