import { Controller, Delete, Get, Param, Post, Put, Req } from '@nestjs/common';
import { ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';

import { Access } from '../auth/access.decorator.js';
import { CurrentCaller } from '../auth/caller.decorator.js';
import type { Caller } from '../common/actor.js';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Refuses } from '../http/openapi/refuses.decorator.js';
import { Summary } from '../http/openapi/summary.decorator.js';
import { booleanParameter, readQuery } from '../http/query.js';
import { KeyStoreCreationService } from '../keystores/key-store-creation.service.js';
import { KeyStoreDeletionService } from '../keystores/key-store-deletion.service.js';
import { KeyStoresService } from '../keystores/key-stores.service.js';
import { type AccountPath, type CertificatePath, idOf } from './account-path.js';
import {
  CertificateItemDto,
  OneReplacedItemDto,
  ReplacedItemDto,
  SentCertificate,
  SentOneReplacedCertificate,
  SentReplacedCertificate,
} from './dto/certificate-item.dto.js';
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
    'A bare array, for an account holds at most 1,000 that are not deleted; of deleted ones the newest 1,000 are listed.',
    '`status` is the last known one while the vault is away.',
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

  @Summary('Read an mTLS certificate', 'One that is deleted has `deleted: true`.')
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
    'One item that is refused refuses all, with the `index` of each that is wrong.',
    'What the vault does not take is no refusal: it stays `UnAvailable`, under `failedSaveToVaultCertificates`.',
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { status: 201, versioned: false })
  @Refuses('errors.duplicateName')
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
    'Each item has the `id` of what it replaces, and another `name` renames it; an unknown `id` is 422 here.',
    'One item that is refused refuses all, with the `index` of each that is wrong.',
    'What the vault does not take keeps its old file, under `failedSaveToVaultCertificates`.',
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { versioned: false })
  @Refuses('errors.duplicateName')
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
    'The same as with an array of one in the path without an ID; here the item may stand without its array.',
    'Its `id` may be absent and otherwise is that of the path; an unknown or deleted one is 404.',
  )
  @Access('MtlsCertificateModify')
  @Answers(SaveResultResource, { versioned: false })
  @Refuses('errors.duplicateName')
  @Put(':certificateId')
  async replaceMtlsCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
    @JsonItem(OneReplacedItemDto, SentOneReplacedCertificate) sent: OneSent<OneReplacedItemDto>,
  ): Promise<SaveResultResource> {
    return saveResultResource(await this.replacements.replaceOne(caller, path.accountId, idOf(path), sent));
  }

  /** The documentation shows no body of the answer; the certificate as deleted is one that nobody minds. */
  @Summary(
    'Delete an mTLS certificate',
    'A soft delete: it stays readable, with `deleted: true`, and its name is free; its file is softly deleted in the vault, now or once the vault is back.',
    'After `KEY_STORE_RETENTION_DAYS` the file is destroyed; `secretDestroyed` and `secretDestructionDate` say so.',
    'Done again, it changes nothing.',
  )
  @Access('MtlsCertificateModify')
  @Answers(MtlsCertificateResource, { versioned: false })
  @Delete(':certificateId')
  async deleteMtlsCertificate(
    @CurrentCaller() caller: Caller,
    @Param() path: CertificatePath,
  ): Promise<MtlsCertificateResource> {
    return mtlsCertificateResource(await this.deletion.remove(caller, path.accountId, idOf(path)));
  }
}
