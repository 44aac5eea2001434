import { ApiProperty } from '@nestjs/swagger';

import { text } from '../../http/members.js';
import { CertificateResource } from '../certificate-resource.js';
import { MAX_TEXT, READING_KINDS, type ReadingKind } from './recognise-text.rules.js';

/** F2 (contract 16.3). */
export class LookupDto {
  @text(1, MAX_TEXT, {
    required: true,
    description: 'A PEM, base64, a fingerprint, a serial number, a name or a part of one, an e-mail address, an extId.',
    example: 'SHA256 Fingerprint=AB:CD:…',
  })
  text!: string;
}

class ReadingResource {
  @ApiProperty({ enum: READING_KINDS, description: 'What the text was taken for.', example: 'fingerprintSha256' })
  readonly kind!: ReadingKind;

  @ApiProperty({ description: 'As it was searched.', example: 'AB:CD:…' })
  readonly value!: string;

  @ApiProperty({ type: [CertificateResource], description: 'What was found, the first 20.' })
  readonly certificates!: readonly CertificateResource[];

  @ApiProperty({ description: 'Whether there are more, or the search took too long.' })
  readonly more!: boolean;
}

export class LookupResource {
  @ApiProperty({ type: [ReadingResource], description: 'Everything that the text may be, best first.' })
  readonly readings!: readonly ReadingResource[];
}
