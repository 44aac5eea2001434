import { Controller, Delete, Get, Param, Post, Put, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AuditedAs } from '../audit/audited-as.decorator.js';
import { Access, CurrentCaller } from '../auth/access.decorator.js';
import type { Caller } from '../common/actor.js';
import { Answers, Refuses, Summary } from '../http/openapi/operation.decorators.js';
import { ApiQuery, ApiResponse, ApiTags } from '../http/openapi/swagger.js';
import { booleanParameter, readQuery } from '../http/query.js';
import { KeyStoreCreationService } from '../keystores/key-store-creation.service.js';
import { KeyStoreDeletionService } from '../keystores/key-store-deletion.service.js';
import { KeyStoresService } from '../keystores/key-stores.service.js';
import { type AccountPath, type CertificatePath, idOf } from './certificate-id.rules.js';
import {
  CertificateItemDto,
  OneReplacedItemDto,
  ReplacedItemDto,
  SentCertificate,
  SentOneReplacedCertificate,
  SentReplacedCertificate,
} from './certificate-item.dto.js';
import { JsonItem, JsonItems } from './json-items.decorator.js';
import {
  MtlsCertificateResource,
  mtlsCertificateResource,
  SaveResultResource,
  saveResultResource,
} from './mtls-certificate-resource.js';
import { MtlsReplacements } from './mtls-replacements.js';
import type { OneSent, Sent } from './sent-items.js';

@ApiTags('mtls')
@Controller('mtls/account/:accountId/certificates')
export class MtlsCertificatesController {
  constructor(
    private readonly keyStores: KeyStoresService,
    private readonly creation: KeyStoreCreationService,
    private readonly replacements: MtlsReplacements,
    private readonly deletion: KeyStoreDeletionService,
  ) {}

  @Summary(
    'List the mTLS certificates of an account',
    'A plain array: an account has at most 1,000 certificates, and only the newest 1,000 deleted ones are listed.',
    'While the vault is unavailable, `status` is the last known status.',
  )
  @Access('MtlsCertificateView')
  @ApiResponse({ status: 200, description: 'Oldest first.', type: [MtlsCertificateResource] })
  @ApiQuery({ name: 'includeDeleted', required: false, schema: { type: 'boolean', default: false } })
  @Get()
  async listMtlsCertificates(
    @CurrentCaller() caller: Caller,
    @Param() { accountId }: AccountPath,
    @Req() request: Request,
  ): Promise<MtlsCertificateResource[]> {
    const { includeDeleted } = readQuery(request, ['includeDeleted']);
    const views = await this.keyStores.list(caller, accountId, booleanParameter('includeDeleted', includeDeleted));
    return views.map(mtlsCertificateResource);
  }

  @Summary('Read an mTLS certificate', 'A deleted certificate has `deleted: true`.')
  @Access('MtlsCertificateView')
  @Answers(MtlsCertificateResource, { versioned: false })
  @Get(':certificateId')
  async getMtlsCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
  ): Promise<MtlsCertificateResource> {
    return mtlsCertificateResource(await this.keyStores.read(caller, path.accountId, idOf(path)));
  }

  @Summary(
    'Store mTLS certificates',
    'If one item is invalid, all are refused; each error has the `index` of its item.',
    'Certificates that the vault does not store are not errors: they are `UnAvailable`, and listed in `failedSaveToVaultCertificates`.',
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { status: 201, versioned: false })
  @Refuses('errors.duplicateName')
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Post()
  async createMtlsCertificates(
    @CurrentCaller() caller: Caller,
    @Param() { accountId }: AccountPath,
    @JsonItems(CertificateItemDto, SentCertificate) sent: readonly Sent<CertificateItemDto>[],
  ): Promise<SaveResultResource> {
    const items = sent.map(({ keyStore }) => keyStore);
    return saveResultResource(await this.creation.create(caller, accountId, items));
  }

  @Summary(
    'Replace mTLS certificates',
    'Each item has the `id` of the certificate that it replaces, and a different `name` renames it. An unknown `id` is 422 here.',
    'If one item is invalid, all are refused; each error has the `index` of its item.',
    'Certificates that the vault does not store keep their old file, and are listed in `failedSaveToVaultCertificates`.',
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { versioned: false })
  @Refuses('errors.duplicateName')
  @AuditedAs('client', { client: 'accountId', extId: 'accountId' })
  @Put()
  async replaceMtlsCertificates(
    @CurrentCaller() caller: Caller,
    @Param() { accountId }: AccountPath,
    @JsonItems(ReplacedItemDto, SentReplacedCertificate) sent: readonly Sent<ReplacedItemDto>[],
  ): Promise<SaveResultResource> {
    return saveResultResource(await this.replacements.replaceAll(caller, accountId, sent));
  }

  @Summary(
    'Replace an mTLS certificate',
    'The same as an array with one item on the path without an ID; here the item may be sent without an array.',
    '`id` may be omitted; if sent, it must equal the one in the path. An unknown or deleted certificate is 404.',
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { versioned: false })
  @Refuses('errors.duplicateName')
  @AuditedAs('keyStore', { client: 'accountId', extId: 'certificateId' })
  @Put(':certificateId')
  async replaceMtlsCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @JsonItem(OneReplacedItemDto, SentOneReplacedCertificate) sent: OneSent<OneReplacedItemDto>,
  ): Promise<SaveResultResource> {
    return saveResultResource(await this.replacements.replaceOne(caller, path.accountId, idOf(path), sent));
  }

  /**
   * LivePerson's documentation shows no response body; returning the deleted certificate is compatible with every
   * client.
   */
  @Summary(
    'Delete an mTLS certificate',
    'A soft delete: the certificate stays readable with `deleted: true`, and its name can be reused. Its file is soft-deleted in the vault, now or once the vault is available.',
    'After `KEY_STORE_RETENTION_DAYS` the file is destroyed, as shown by `secretDestroyed` and `secretDestructionDate`.',
    'Deleting again changes nothing.',
  )
  @Access('MtlsCertificateModify')
  @Answers(MtlsCertificateResource, { versioned: false })
  @AuditedAs('keyStore', { client: 'accountId', extId: 'certificateId' })
  @Delete(':certificateId')
  async deleteMtlsCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
  ): Promise<MtlsCertificateResource> {
    return mtlsCertificateResource(await this.deletion.remove(caller, path.accountId, idOf(path)));
  }
}
