import type { ApiPropertyOptions } from '@nestjs/swagger';

import { isExternalId } from '../common/external-id.js';
import { externalId, flag, member, nested, oneOf, text } from '../http/members.js';
import { EXTERNAL_ID_SCHEMA } from '../http/openapi/schemas.js';
import { textMap } from '../http/text-map.js';
import { BULK_ACTIONS, type BulkAction } from './job.model.js';

/** So many fit into a body. */
const MAX_IDS = 2_000;

const IDS = {
  name: 'ids',
  test: (value: unknown) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_IDS &&
    value.every((id) => typeof id === 'string' && isExternalId(id)),
  message: `must be an array of 1 to ${MAX_IDS} extIds`,
  schema: {
    type: 'array',
    items: EXTERNAL_ID_SCHEMA,
    minItems: 1,
    maxItems: MAX_IDS,
  } as ApiPropertyOptions,
};

class BulkParametersDto {
  @externalId({ description: 'Of a move: the CertificatePolicy that the credentials are to have.', example: 'strict' })
  policyExtId?: string;

  @text(0, 1000, {
    description: 'A comment on each change. Not for a deletion.',
    example: 'The issuer is compromised.',
  })
  modificationComment?: string;
}

/** B1 (contract 17.1). */
export class BulkDto {
  @oneOf(BULK_ACTIONS, { required: true, description: 'What is done with each certificate.', example: 'disable' })
  action!: BulkAction;

  @textMap(
    { names: 30, nameLength: 100, valueLength: 20_000 },
    {
      description: 'The certificates, by the names and values of the query of the list of certificates.',
      example: { keyType: 'RSA:2048' },
    },
  )
  filter?: Readonly<Record<string, string>>;

  @member(IDS, { description: 'Instead of a filter: the extIds of the certificates.', example: ['cert-123'] })
  ids?: readonly string[];

  @nested(() => BulkParametersDto, { description: 'What the action needs.' })
  parameters?: BulkParametersDto;

  @flag({ description: 'Only say what would be done; nothing is written.' })
  dryRun?: boolean;
}
