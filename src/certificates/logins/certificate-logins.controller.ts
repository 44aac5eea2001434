import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AuditedAs } from '../../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import { appError } from '../../common/errors.js';
import { formatInstant } from '../../common/instant.js';
import { ClientCertificates } from '../../http/client-certificate/client-certificates.js';
import { Metrics } from '../../http/metrics.js';
import { Answers, AnswersNothing, Refuses, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiTags } from '../../http/openapi/swagger.js';
import { OptionalRequestBody } from '../../http/request-body.decorator.js';
import { CertificateLoginResource } from './certificate-login-resource.js';
import { CertificateLoginDto } from './certificate-login.dto.js';
import { CertificateLoginService } from './certificate-login.service.js';
import type { PresentedCertificate } from './known-login.js';
import { LOGIN_OUTCOMES } from './login-decision.rules.js';

interface ClientPath {
  readonly clientExtId: string;
}

const USABLE = {
  'X-User-Ext-Id': 'The user whose certificate it is.',
  'X-Credential-Ext-Id': 'The credential.',
  'X-Usable-Until': 'As `usableUntil` of a login.',
};

/** L10 and L12. */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/certificate-logins')
export class CertificateLoginsController {
  constructor(
    private readonly logins: CertificateLoginService,
    private readonly presented: ClientCertificates,
    private readonly metrics: Metrics,
  ) {
    metrics.showLogins(LOGIN_OUTCOMES);
  }

  @Summary(
    'Log a user in with a certificate',
    'The certificate is in the body, in the header of a trusted proxy, or that of the TLS connection; exactly one of them. A certificate in a body proves nothing: the caller has checked that the client has the private key.',
    'The status is 200 whatever the `outcome`: only `ok` logs the user in. A success and a failure of the certificate are counted, and failures lock the credential as its policy says.',
  )
  @Access('CertificateLogin')
  @Answers(CertificateLoginResource, { versioned: false })
  @AuditedAs('client', { extId: 'clientExtId' })
  @HttpCode(200)
  @Post()
  async createCertificateLogin(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: ClientPath,
    @Req() request: Request,
    @OptionalRequestBody(CertificateLoginDto) sent: CertificateLoginDto | undefined,
  ): Promise<CertificateLoginResource> {
    const started = performance.now();
    const presented = this.certificateOf(request);
    if (sent !== undefined && presented !== undefined) {
      throw malformed('There is a certificate in the body and another one in a header or of the TLS connection.');
    }
    const login = presented ?? (sent && { certificate: sent.certificate, chain: sent.chain ?? [] });
    if (login === undefined)
      throw malformed('There is no certificate: neither a body, nor a header, nor one of the TLS connection.');
    const answer = await this.logins.logIn(caller, clientExtId, login);
    this.metrics.observeLogin(answer.outcome, performance.now() - started);
    return answer;
  }

  @Summary(
    'Check whether a certificate can log in',
    'For gateways that decide by the status: 204 if it can, 403 if it cannot or if the client has none. The certificate is in the header of a trusted proxy, or that of the TLS connection. Nothing is counted and nothing is written.',
  )
  @Access('CertificateLogin')
  @AnswersNothing(USABLE)
  @Refuses('errors.loginDenied')
  @HttpCode(204)
  @Get('check')
  async testCertificateLogin(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: ClientPath,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const usable = await this.logins.check(caller, clientExtId, this.certificateOf(request));
    if (usable === undefined)
      throw appError({ code: 'errors.loginDenied', message: 'This certificate cannot log in.' });
    const { userExtId, extId, usableUntil } = usable;
    const values = [userExtId, extId, formatInstant(usableUntil)];
    Object.keys(USABLE).forEach((name, index) => response.setHeader(name, values[index] ?? ''));
  }

  /** Undefined if there is none; throws if it is not believed. */
  private certificateOf(request: Request): PresentedCertificate | undefined {
    const presented = this.presented.of(request);
    if (presented.kind === 'refused') throw presented.error;
    return presented.kind === 'none' ? undefined : presented;
  }
}

function malformed(message: string) {
  return appError({ code: 'errors.malformedRequest', message });
}
