import { formatInstant } from '../../common/instant.js';
import { DENIAL_KINDS, type Denial, type DenialKind } from '../../denials/denial.model.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';

/** What to ask again (contract 15.8): one of the members after `kind`, none of them for `client`. */
export class DenialResource {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was changed.' })
  readonly at!: string;

  @ApiProperty({ enum: DENIAL_KINDS, description: 'What to ask again.', example: 'certificate' })
  readonly kind!: DenialKind;

  @ApiPropertyOptional({
    type: 'string',
    description: 'The SHA-256 of a certificate, upper-case hex bytes with colons.',
    example: 'AB:CD:…',
  })
  readonly fingerprint?: string;

  @ApiPropertyOptional({ type: 'string', description: 'All certificates of this user.', example: 'user-123' })
  readonly userExtId?: string;

  @ApiPropertyOptional({ type: 'string', description: 'All certificates with this policy.', example: 'strict' })
  readonly policyExtId?: string;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Of a trust-anchor set: all certificates whose policy names it.',
    example: 'anchors',
  })
  readonly extId?: string;
}

const CURSOR = { type: 'string', description: 'Send it as `after` to read on.', example: 'd1.2s' } as const;

/** L11 as one JSON object. */
export class DenialPageResource {
  @ApiProperty({ type: 'boolean', description: 'Whether everything that is remembered must be forgotten first.' })
  readonly resync!: boolean;

  @ApiProperty({ type: [DenialResource], description: 'Oldest first.' })
  readonly items!: readonly DenialResource[];

  @ApiProperty(CURSOR)
  readonly cursor!: string;
}

/** A line of L11 as a stream: what to ask again, a resync, or only the cursor as a sign of life. */
export class DenialLineResource {
  @ApiProperty(CURSOR)
  readonly cursor!: string;

  @ApiPropertyOptional({ enum: [true], description: 'Everything that is remembered must be forgotten.' })
  readonly resync?: true;

  @ApiPropertyOptional({ type: DenialResource })
  readonly denial?: DenialResource;
}

const MEMBERS = {
  certificate: 'fingerprint',
  user: 'userExtId',
  policy: 'policyExtId',
  trustAnchorSet: 'extId',
  client: undefined,
} as const satisfies Record<DenialKind, keyof DenialResource | undefined>;

export function denialResource({ kind, value, at }: Denial & { readonly at: Date }): DenialResource {
  const member = MEMBERS[kind];
  return { at: formatInstant(at), kind, ...(member === undefined || value === null ? {} : { [member]: value }) };
}
