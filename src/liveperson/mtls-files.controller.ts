import { Controller, Param, Post, Put } from '@nestjs/common';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { Answers, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiTags } from '../http/openapi/swagger.js';
import { KeyStoreCreationService } from '../keystores/key-store-creation.service.js';
import type { AccountPath } from './certificate-id.rules.js';
import { CertificateItemDto, ReplacedItemDto } from './certificate-item.dto.js';
import { FileForm, TakesFileForm } from './file-form.decorator.js';
import { SaveResultResource, saveResultResource } from './mtls-certificate-resource.js';
import { MtlsReplacements } from './mtls-replacements.js';
import { type Sent, withFormFields } from './sent-items.js';

/** One page of LivePerson's documentation spells the path `by-file`, the other `byFile`. */
@ApiTags('mtls')
@Controller('mtls/account/:accountId/certificates')
export class MtlsFilesController {
  constructor(
    private readonly creation: KeyStoreCreationService,
    private readonly replacements: MtlsReplacements,
  ) {}

  @Summary(
    'Store an mTLS certificate sent as a file',
    'The p12 is in the part `file`, the rest as JSON in `certificate`.',
    "LivePerson's documentation has both `by-file` and `byFile`; both paths work.",
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { status: 201, versioned: false })
  @Refuses('errors.duplicateName')
  @TakesFileForm(CertificateItemDto)
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Post('by-file')
  async createMtlsCertificateByFile(
    @CurrentCaller() caller: Caller,
    @Param() { accountId }: AccountPath,
    @FileForm(CertificateItemDto) { keyStore }: Sent<CertificateItemDto>,
  ): Promise<SaveResultResource> {
    return await withFormFields(async () =>
      saveResultResource(await this.creation.create(caller, accountId, [keyStore])),
    );
  }

  @Summary('Store an mTLS certificate sent as a file (byFile)', 'The other spelling of `by-file`.')
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { status: 201, versioned: false })
  @Refuses('errors.duplicateName')
  @TakesFileForm(CertificateItemDto)
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Post('byFile')
  async createMtlsCertificateAtByFile(
    @CurrentCaller() caller: Caller,
    @Param() path: AccountPath,
    @FileForm(CertificateItemDto) sent: Sent<CertificateItemDto>,
  ): Promise<SaveResultResource> {
    return await this.createMtlsCertificateByFile(caller, path, sent);
  }

  @Summary(
    'Replace an mTLS certificate sent as a file',
    'The p12 is in the part `file`, the rest as JSON in `certificate`, including the `id` of the certificate to replace. An unknown `id` is 422.',
    "LivePerson's documentation has both `by-file` and `byFile`; both paths work.",
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { versioned: false })
  @Refuses('errors.duplicateName')
  @TakesFileForm(ReplacedItemDto)
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Put('by-file')
  async replaceMtlsCertificateByFile(
    @CurrentCaller() caller: Caller,
    @Param() { accountId }: AccountPath,
    @FileForm(ReplacedItemDto) sent: Sent<ReplacedItemDto>,
  ): Promise<SaveResultResource> {
    return await withFormFields(async () =>
      saveResultResource(await this.replacements.replaceAll(caller, accountId, [sent])),
    );
  }

  @Summary('Replace an mTLS certificate sent as a file (byFile)', 'The other spelling of `by-file`.')
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { versioned: false })
  @Refuses('errors.duplicateName')
  @TakesFileForm(ReplacedItemDto)
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Put('byFile')
  async replaceMtlsCertificateAtByFile(
    @CurrentCaller() caller: Caller,
    @Param() path: AccountPath,
    @FileForm(ReplacedItemDto) sent: Sent<ReplacedItemDto>,
  ): Promise<SaveResultResource> {
    return await this.replaceMtlsCertificateByFile(caller, path, sent);
  }
}
