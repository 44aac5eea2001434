import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { KeyStoreReplacementService } from '../keystores/key-store-replacement.service.js';
import type { SavedKeyStores } from '../keystores/key-store.model.js';
import { KeyStoresService } from '../keystores/key-stores.service.js';
import { readCertificateId } from './certificate-id.rules.js';
import type { OneReplacedItemDto, ReplacedItemDto } from './dto/certificate-item.dto.js';
import { invalid, type OneSent, type Sent, withoutIndex } from './sent-items.js';

/** L5 to L7: where the id of what is replaced stands, and what an unknown one is. */
@Injectable()
export class MtlsReplacements {
  constructor(
    private readonly keyStores: KeyStoresService,
    private readonly replacement: KeyStoreReplacementService,
  ) {}

  async replaceAll(caller: Caller, accountId: string, sent: readonly Sent<ReplacedItemDto>[]): Promise<SavedKeyStores> {
    const items = sent.map(({ item, keyStore }) => ({ ...keyStore, id: readCertificateId(item.id) as number }));
    return await this.replacement.replace(caller, accountId, items);
  }

  /** L7: the id of the item may be absent. */
  async replaceOne(
    caller: Caller,
    accountId: string,
    id: number,
    sent: OneSent<OneReplacedItemDto>,
  ): Promise<SavedKeyStores> {
    const replace = async () => await this.replaceById(caller, accountId, id, sent);
    return sent.inArray ? await replace() : await withoutIndex(replace);
  }

  private async replaceById(
    caller: Caller,
    accountId: string,
    id: number,
    { item, keyStore }: Sent<OneReplacedItemDto>,
  ): Promise<SavedKeyStores> {
    if (item.id !== undefined && readCertificateId(item.id) !== id) {
      throw invalid('id', 'The id of the body is not the one of the path.');
    }
    if ((await this.keyStores.read(caller, accountId, id)).deleted) throw noRecord();
    try {
      return await this.replacement.replace(caller, accountId, [{ ...keyStore, id }]);
    } catch (error) {
      // In a path it is 404, also where it was deleted after it was read.
      if ((await this.keyStores.read(caller, accountId, id)).deleted) throw noRecord();
      throw error;
    }
  }
}
