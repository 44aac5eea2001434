import { Body, Controller, Get, Param, Patch, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { JwtAuthGuard, type JwtUser } from '../auth/jwt-auth.guard.js';
import { type CertificateAnswer, type CertificatePath, CertificatesService } from './certificates.service.js';
import { UpdateCertificateDto } from './update-certificate.dto.js';

@UseGuards(JwtAuthGuard)
@Controller('nevisidm/api/core/v1/:clientExtId/users/:userExtId/certificates')
export class CertificatesController {
  constructor(private readonly certificates: CertificatesService) {}

  @Get(':extId')
  async findOne(@Param() path: CertificatePath): Promise<CertificateAnswer> {
    return await this.certificates.findOne(path);
  }

  @Patch(':extId')
  async update(
    @Param() path: CertificatePath,
    @Body() body: UpdateCertificateDto,
    @Req() request: Request & { user: JwtUser },
  ): Promise<CertificateAnswer> {
    return await this.certificates.update(request.user, path, body);
  }
}
