import { text } from '../../http/members.js';
import { ApiProperty, ApiPropertyOptional } from '../../http/openapi/swagger.js';
import { CertificateResource } from '../certificate-resource.js';
import { ExplanationResource } from '../explanation/explanation-resource.js';
import { MAX_TEXT, READING_KINDS, type ReadingKind } from './recognise-text.rules.js';

/** F2 (contract 16.3). */
export class LookupDto {
  @text(1, MAX_TEXT, {
    required: true,
    description:
      'A PEM, base64, a fingerprint, a serial number, a name or a part of one, an e-mail address, an extId, the reference of a refused login.',
    example: 'SHA256 Fingerprint=AB:CD:…',
  })
  text!: string;
}

class RefusedLoginResource {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When the login was refused.' })
  readonly at!: string;

  @ApiProperty({ type: ExplanationResource, description: 'As it was then.' })
  readonly explanation!: ExplanationResource;
}

class ReadingResource {
  @ApiProperty({ enum: READING_KINDS, description: 'What the text was taken for.', example: 'fingerprintSha256' })
  readonly kind!: ReadingKind;

  @ApiProperty({ description: 'As it was searched.', example: 'AB:CD:…' })
  readonly value!: string;

  @ApiProperty({ type: [CertificateResource], description: 'What was found, the first 20.' })
  readonly certificates!: readonly CertificateResource[];

  @ApiProperty({
    description: 'Whether there are more, the search took too long, or too many references were looked up.',
  })
  readonly more!: boolean;

  @ApiPropertyOptional({ type: RefusedLoginResource, description: 'The refused login that has this reference.' })
  readonly refusedLogin?: RefusedLoginResource;
}

export class LookupResource {
  @ApiProperty({ type: [ReadingResource], description: 'Everything that the text may be, best first.' })
  readonly readings!: readonly ReadingResource[];
}
