import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { AccessOrSelf, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { Page } from '../common/page.js';
import { answerCreated, answerVersioned } from '../http/answer.js';
import { DryRunBody, type WithDryRun } from '../http/dry-run-body.decorator.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { Answers, AnswersNothing, AnswersPage, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { ApiPastInstant, PastInstant } from '../http/past-instant.decorator.js';
import { CertificateCreationService } from './certificate-creation.service.js';
import { CertificateDeletionService } from './certificate-deletion.service.js';
import type { CertificatePath, CertificatesPath } from './certificate-path.js';
import { CertificateResource } from './certificate-resource.js';
import { CertificateUpdateService } from './certificate-update.service.js';
import { CreateCertificateDto, UpdateCertificateDto } from './certificate.dto.js';
import { ApiCertificatesQuery, readCertificatesQuery } from './certificates-query.js';
import { CertificatesService } from './certificates.service.js';
import { EvaluatedCertificateResource } from './policy-outcome.js';

@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/users/:userExtId/certificates')
export class CertificatesController {
  constructor(
    private readonly certificates: CertificatesService,
    private readonly creation: CertificateCreationService,
    private readonly updates: CertificateUpdateService,
    private readonly deletion: CertificateDeletionService,
  ) {}

  @Summary('List the certificate credentials of a user')
  @AccessOrSelf('allowed', 'CredentialView')
  @AnswersPage(CertificateResource)
  @ApiCertificatesQuery()
  @Get()
  async listCertificates(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatesPath,
    @Req() request: Request,
  ): Promise<Page<CertificateResource>> {
    return await this.certificates.list(caller, path, readCertificatesQuery(request));
  }

  @Summary(
    'Register a certificate for a user',
    'A certificate can be registered only once in a client.',
    'With a strict policy, a certificate that violates it is refused, with every rule that failed.',
    'With a tolerant policy, or an issuer that the policy does not list, the certificate is stored as `disabled`.',
    '`stateName` also requires `AccessControl.CredentialChangeState`.',
    'Users may register their own certificates as `initial`, `active` or `disabled`, without `policyExtId`, if the policy allows uploads by users.',
  )
  @AccessOrSelf('withXToken', 'CredentialCreate')
  @Answers(EvaluatedCertificateResource, { status: 201 })
  @Refuses(
    'errors.certificateExists',
    'errors.certificatePolicyViolated',
    'errors.duplicateValue',
    'errors.policyViolation',
    'errors.recordDeleted',
    'errors.stateTransitionDenied',
  )
  @AuditedAs('user', { user: 'userExtId', extId: 'userExtId' })
  @Post()
  async createCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatesPath,
    @DryRunBody(CreateCertificateDto) { body, dryRun }: WithDryRun<CreateCertificateDto>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EvaluatedCertificateResource> {
    return answerCreated(request, response, await this.creation.create(caller, path, body, dryRun), dryRun);
  }

  @Summary('Read a certificate credential')
  @AccessOrSelf('allowed', 'CredentialView')
  @Answers(CertificateResource)
  @ApiPastInstant()
  @Get(':extId')
  async getCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @PastInstant() instant: Date | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CertificateResource> {
    return answerVersioned(response, await this.certificates.read(caller, path, instant));
  }

  @Summary(
    'Replace the certificate of a credential, or change its state',
    'A certificate or state that is the current one counts as not sent.',
    'With a strict policy, a certificate that violates it is refused, with every rule that failed.',
    'With a tolerant policy, or an issuer that the policy does not list, the certificate is stored as `disabled`.',
    'A new certificate does not enable a credential that a person disabled, or unlock one that is locked.',
    'Users may disable their own credentials, and activate those that are `initial` or `admin-changed`. They cannot replace the certificate of one that is locked, in `reset-code`, or disabled by an administrator.',
  )
  @AccessOrSelf('withXToken', 'CredentialModify', 'CredentialView')
  @Answers(EvaluatedCertificateResource)
  @Refuses(
    'errors.certificateExists',
    'errors.certificatePolicyViolated',
    'errors.recordDeleted',
    'errors.stateTransitionDenied',
  )
  @AuditedAs('certificate', { user: 'userExtId', extId: 'extId' })
  @Patch(':extId')
  async updateCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @DryRunBody(UpdateCertificateDto) { body: patch, dryRun }: WithDryRun<UpdateCertificateDto>,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EvaluatedCertificateResource> {
    return answerVersioned(response, await this.updates.update(caller, path, { patch, ifMatch, dryRun }), dryRun);
  }

  @Summary(
    'Delete a certificate credential',
    'Its history is kept.',
    'Users cannot delete their own credential while it is archived, locked, in `reset-code`, or disabled by an administrator.',
  )
  @AccessOrSelf('withXToken', 'CredentialDelete')
  @AnswersNothing()
  @Refuses('errors.stateTransitionDenied')
  @HttpCode(204)
  @AuditedAs('certificate', { user: 'userExtId', extId: 'extId' })
  @Delete(':extId')
  async deleteCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.deletion.remove(caller, path, ifMatch);
  }
}
