import { ApiProperty } from '@nestjs/swagger';

import { formatInstant } from '../http/instant.js';
import type { KeyStoreStatus, KeyStoreView, SavedKeyStores } from '../keystores/key-store.model.js';

/** Their spelling of a status. */
const STATUS = {
  available: 'Available',
  unavailable: 'UnAvailable',
  expired: 'Expired',
} as const satisfies Record<KeyStoreStatus, string>;

export const MTLS_STATUSES = Object.values(STATUS);

/** A key store as LivePerson's clients know it: what they call a certificate. */
export class MtlsCertificateResource {
  @ApiProperty({ type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 2628739923 })
  readonly id!: number;

  @ApiProperty({ example: false })
  readonly deleted!: boolean;

  @ApiProperty({ example: 'myCert1' })
  readonly name!: string;

  @ApiProperty({ example: 'myCert1' })
  readonly displayName!: string;

  @ApiProperty({ description: 'The account.', example: 'le1606809' })
  readonly siteId!: string;

  @ApiProperty({ enum: MTLS_STATUSES, example: 'Available' })
  readonly status!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2027-01-01T00:00:00Z' })
  readonly expirationDate!: string | null;

  @ApiProperty({
    required: false,
    description: 'Of a deleted one: whether its file has been destroyed, rather than softly deleted, in the vault.',
    example: false,
  })
  readonly secretDestroyed?: boolean;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    required: false,
    description: 'Of a deleted one: when its file was destroyed, or from when on it will be.',
    example: '2027-01-31T00:00:00Z',
  })
  readonly secretDestructionDate?: string;
}

/** One `l` is missing in the first name, and stays so. */
export class SaveResultResource {
  @ApiProperty({ type: [MtlsCertificateResource], description: 'Misspelt by LivePerson; clients know it so.' })
  readonly successfulySavedCertificates!: readonly MtlsCertificateResource[];

  @ApiProperty({ type: [MtlsCertificateResource], description: 'The vault has not taken these.' })
  readonly failedSaveToVaultCertificates!: readonly MtlsCertificateResource[];
}

/** Names every member that leaves. */
export function mtlsCertificateResource(view: KeyStoreView): MtlsCertificateResource {
  return {
    id: view.id,
    deleted: view.deleted,
    name: view.name,
    displayName: view.displayName,
    siteId: view.accountId,
    status: STATUS[view.status],
    expirationDate: formatInstant(view.expires),
    ...(view.retention === undefined
      ? {}
      : {
          secretDestroyed: view.retention.destroyed,
          secretDestructionDate: formatInstant(view.retention.until),
        }),
  };
}

export function saveResultResource({ stored, failed }: SavedKeyStores): SaveResultResource {
  return {
    successfulySavedCertificates: stored.map(mtlsCertificateResource),
    failedSaveToVaultCertificates: failed.map(mtlsCertificateResource),
  };
}
