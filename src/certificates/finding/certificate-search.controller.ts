import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';

import { NotAudited } from '../../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../../auth/access.decorator.js';
import type { Caller } from '../../common/actor.js';
import type { Page } from '../../common/page.js';
import { AnswersPageOrExport, Export, requestedExport } from '../../http/export-answer.js';
import { Answers, Refuses, Summary } from '../../http/openapi/operation.decorators.js';
import { ApiTags } from '../../http/openapi/swagger.js';
import { RequestBody } from '../../http/request-body.decorator.js';
import { CertificateResource } from '../certificate-resource.js';
import { IMPORTED_CERTIFICATE_COLUMNS, READ_ONLY_CERTIFICATE_COLUMNS } from '../export/certificate-columns.model.js';
import { ExportedCertificateResource } from '../export/certificate-export.js';
import { CertificateExportService } from '../export/certificate-export.service.js';
import { CertificateLookupService } from './certificate-lookup.service.js';
import {
  ApiCertificateFilters,
  ApiCertificateSearch,
  readCertificateFilters,
  readCertificateSearch,
} from './certificate-search-query.js';
import { CertificateSearchService } from './certificate-search.service.js';
import {
  CertificateSummaryResource,
  certificateSummaryResource,
  MAX_SUMMARY_ROWS,
} from './certificate-summary-resource.js';
import { LookupDto, LookupResource } from './lookup-resource.js';

const COLUMNS = [...IMPORTED_CERTIFICATE_COLUMNS, ...READ_ONLY_CERTIFICATE_COLUMNS];

/** F1 and F2. */
@ApiTags('certificates')
@Controller('nevisidm/api/core/v1/:clientExtId/certificates')
export class CertificateSearchController {
  constructor(
    private readonly searches: CertificateSearchService,
    private readonly exports: CertificateExportService,
    private readonly lookups: CertificateLookupService,
  ) {}

  @Summary(
    'List the certificate credentials of a client',
    'Filters can be combined. A search that takes more than two seconds is refused; one filter that is indexed never is.',
    'With `Accept: text/csv` or `application/x-ndjson`, the answer has all certificates that match, as an import takes them; `limit` and `continuationToken` are for pages.',
  )
  @Access('CredentialView')
  @AnswersPageOrExport(CertificateResource, ExportedCertificateResource)
  @Refuses('errors.tooManySearchResults')
  @ApiCertificateSearch()
  @Get()
  async listClientCertificates(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
  ): Promise<Page<CertificateResource> | Export> {
    const search = readCertificateSearch(request);
    const format = requestedExport(request);
    if (format === undefined) return await this.searches.list(caller, clientExtId, search);
    return new Export(format, COLUMNS, this.exports.lines(caller, clientExtId, search));
  }

  @Summary(
    'Count the certificate credentials of a client',
    'With the filters of the list: how many certificates and users there are, by state and policy, and when one was last used. It takes at most two seconds, or is refused.',
  )
  @Access('CredentialView')
  @Answers(CertificateSummaryResource, { versioned: false })
  @Refuses('errors.tooManySearchResults')
  @ApiCertificateFilters()
  @Get('summary')
  async getCertificateSummary(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @Req() request: Request,
  ): Promise<CertificateSummaryResource> {
    const filters = readCertificateFilters(request);
    return certificateSummaryResource(await this.searches.summary(caller, clientExtId, filters, MAX_SUMMARY_ROWS));
  }

  @Summary(
    'Find certificates by whatever is at hand',
    'The text may be a PEM, base64, a fingerprint, a serial number, a distinguished name, a part of a name, an e-mail address, an extId or the reference of a refused login. The answer says what it may be, best first, and what was found by each reading.',
  )
  @Access('CredentialView')
  @Answers(LookupResource, { versioned: false })
  @NotAudited()
  @HttpCode(200)
  @Post('lookup')
  async lookUpCertificates(
    @CurrentCaller() caller: Caller,
    @Param() { clientExtId }: { readonly clientExtId: string },
    @RequestBody(LookupDto) sent: LookupDto,
  ): Promise<LookupResource> {
    return await this.lookups.lookUp(caller, clientExtId, sent.text);
  }
}
