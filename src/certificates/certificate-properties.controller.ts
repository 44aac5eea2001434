import { Controller, Param, Patch, Res } from '@nestjs/common';
import type { Response } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import type { IfMatch } from '../common/expected-version.js';
import type { SentTextMembers, TextMembers } from '../common/text-members.js';
import { IfMatchHeader } from '../http/if-match.decorator.js';
import { ETAG, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { TEXT_MAP_SCHEMA } from '../http/openapi/schemas.js';
import { ApiResponse, ApiTags } from '../http/openapi/swagger.js';
import { entityTag } from '../http/precondition.js';
import { PropertiesBody } from '../http/properties-body.decorator.js';
import type { CertificatePath } from './certificate-path.js';
import { CertificatePropertiesService } from './certificate-properties.service.js';

/** X6. The response is only the map; the version is in the ETag, because a member `version` would be a property. */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/users/:userExtId/certificates/:extId/properties')
export class CertificatePropertiesController {
  constructor(private readonly certificates: CertificatePropertiesService) {}

  @Summary(
    'Change the properties of a certificate credential',
    '`null` or an empty text removes a property; properties that are not sent stay unchanged.',
    'A member `version` would be a property, so send the version as If-Match.',
  )
  @Access('CredentialView', 'CredentialModify', 'PropertyValueModify')
  @ApiResponse({
    status: 200,
    description: 'All properties. The ETag is the version of the credential.',
    headers: ETAG,
    schema: { ...TEXT_MAP_SCHEMA, example: { costCentre: '4711' } },
  })
  @Refuses('errors.recordDeleted')
  @AuditedAs('certificate', { user: 'userExtId', extId: 'extId' })
  @Patch()
  async updateCertificateProperties(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @PropertiesBody() sent: SentTextMembers,
    @IfMatchHeader() ifMatch: IfMatch | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TextMembers> {
    const { properties, version } = await this.certificates.update(caller, path, sent, ifMatch);
    response.setHeader('ETag', entityTag(version));
    return properties;
  }
}
