import type { SelectionPreview } from '../certificates/selection/selection-preview.service.js';
import type { ErrorDetail } from '../common/errors.js';
import { ApiProperty } from '../http/openapi/swagger.js';

const COUNT = { type: 'integer', minimum: 0, example: 12 } as const;

class RefusedRowResource {
  @ApiProperty({ example: 'user-123' })
  readonly userExtId!: string;

  @ApiProperty({ example: 'cert-123' })
  readonly extId!: string;

  @ApiProperty({ type: 'array', items: { $ref: '#/components/schemas/ErrorDetail' } })
  readonly errors!: readonly (ErrorDetail & { readonly requestId: string })[];
}

class RefusedRowsResource {
  @ApiProperty(COUNT)
  readonly count!: number;

  @ApiProperty({ type: [RefusedRowResource], maxItems: 100 })
  readonly first!: readonly RefusedRowResource[];
}

/** The answer of a dry run of B1. */
export class BulkPreviewResource {
  @ApiProperty({ ...COUNT, description: 'Certificates that are selected.' })
  readonly count!: number;

  @ApiProperty({ ...COUNT, description: 'Of these, in which nothing would change.' })
  readonly unchanged!: number;

  @ApiProperty({
    type: 'array',
    items: { $ref: '#/components/schemas/CertificateResource' },
    maxItems: 100,
    description: 'The first of them, as they are now.',
  })
  readonly certificates!: SelectionPreview['certificates'];

  @ApiProperty({ type: RefusedRowsResource, description: 'Those whose change would be refused, and why.' })
  readonly refused!: RefusedRowsResource;
}

export function bulkPreviewResource(preview: SelectionPreview, requestId: string): BulkPreviewResource {
  const first = preview.refused.first.map(({ userExtId, extId, errors }) => ({
    userExtId,
    extId,
    errors: errors.map((error) => ({ ...error, requestId })),
  }));
  const { count, unchanged, certificates, refused } = preview;
  return { count, unchanged, certificates, refused: { count: refused.count, first } };
}
