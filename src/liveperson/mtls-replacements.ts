import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { KeyStoreReplacementService } from '../keystores/key-store-replacement.service.js';
import type { SavedKeyStores } from '../keystores/key-store.model.js';
import { KeyStoresService } from '../keystores/key-stores.service.js';
import { readCertificateId } from './certificate-id.rules.js';
import { OneReplacedItemDto, type ReplacedItemDto } from './dto/certificate-item.dto.js';
import { invalid, readItem, readItems, type Sent, withoutIndex } from './sent-items.js';

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

  /** L7: an object, or an array of one; its id may be absent. */
  async replaceOne(caller: Caller, accountId: string, id: number, body: unknown): Promise<SavedKeyStores> {
    if (!Array.isArray(body)) {
      const sent = readItem(OneReplacedItemDto, body);
      return await withoutIndex(async () => await this.replaceById(caller, accountId, id, sent));
    }
    if (body.length > 1) throw invalid('body', 'Under the path of one certificate the body has one item.');
    const [sent] = readItems(OneReplacedItemDto, body);
    return await this.replaceById(caller, accountId, id, sent as Sent<OneReplacedItemDto>);
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
    return await this.replacement.replace(caller, accountId, [{ ...keyStore, id }]);
  }
}
