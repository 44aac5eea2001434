import { Injectable } from '@nestjs/common';

import type { Caller } from '../common/actor.js';
import { noRecord } from '../common/errors.js';
import { KeyStoreReplacementService } from '../keystores/key-store-replacement.service.js';
import type { SavedKeyStores } from '../keystores/key-store.model.js';
import { KeyStoresService } from '../keystores/key-stores.service.js';
import { readCertificateId } from './certificate-id.rules.js';
import type { OneReplacedItemDto, ReplacedItemDto } from './certificate-item.dto.js';
import { invalid, type OneSent, type Sent, withoutIndexInErrors } from './sent-items.js';

/** L5 to L7: determines the id of the certificate to replace, and the error for an unknown one. */
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

  /** L7: the id of the item may be omitted. */
  async replaceOne(
    caller: Caller,
    accountId: string,
    id: number,
    sent: OneSent<OneReplacedItemDto>,
  ): Promise<SavedKeyStores> {
    const replace = async () => await this.replaceById(caller, accountId, id, sent);
    return sent.inArray ? await replace() : await withoutIndexInErrors(replace);
  }

  private async replaceById(
    caller: Caller,
    accountId: string,
    id: number,
    { item, keyStore }: Sent<OneReplacedItemDto>,
  ): Promise<SavedKeyStores> {
    if (item.id !== undefined && readCertificateId(item.id) !== id) {
      throw invalid('id', 'The id in the body differs from the one in the path.');
    }
    if ((await this.keyStores.read(caller, accountId, id)).deleted) throw noRecord();
    try {
      return await this.replacement.replace(caller, accountId, [{ ...keyStore, id }]);
    } catch (error) {
      // An unknown id in the path is 404, even if it was deleted after it was read.
      if ((await this.keyStores.read(caller, accountId, id)).deleted) throw noRecord();
      throw error;
    }
  }
}
