import { formatInstant } from '../common/instant.js';
import { ApiProperty } from '../http/openapi/swagger.js';
import type { KeyStoreStatus, KeyStoreView, SavedKeyStores } from '../keystores/key-store.model.js';

/** The status values of LivePerson. */
const STATUS = {
  available: 'Available',
  unavailable: 'UnAvailable',
  expired: 'Expired',
} as const satisfies Record<KeyStoreStatus, string>;

export const MTLS_STATUSES = Object.values(STATUS);

/** A key store in the form of LivePerson's API, which calls it a certificate. */
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
    description:
      'Only for a deleted certificate: whether its file in the vault has been destroyed, not just soft-deleted.',
    example: false,
  })
  readonly secretDestroyed?: boolean;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    required: false,
    description: 'Only for a deleted certificate: when its file was or will be destroyed.',
    example: '2027-01-31T00:00:00Z',
  })
  readonly secretDestructionDate?: string;
}

/** LivePerson misspells `successfulySavedCertificates`; clients depend on it. */
export class SaveResultResource {
  @ApiProperty({
    type: [MtlsCertificateResource],
    description: "Misspelt in LivePerson's API, and kept for compatibility.",
  })
  readonly successfulySavedCertificates!: readonly MtlsCertificateResource[];

  @ApiProperty({ type: [MtlsCertificateResource], description: 'Certificates that the vault did not store.' })
  readonly failedSaveToVaultCertificates!: readonly MtlsCertificateResource[];
}

/** Lists every member that is returned. */
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
