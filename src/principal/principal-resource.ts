import { ApiProperty, ApiPropertyOptional } from '../http/openapi/swagger.js';
import { LANGUAGES } from '../users/user.model.js';

/** Who the caller is (contract 1.3). */
export class PrincipalResource {
  @ApiProperty({ example: 'user-123' })
  readonly userExtId!: string;

  @ApiProperty({ example: 'jane.doe' })
  readonly loginId!: string;

  @ApiPropertyOptional({ type: 'string', description: 'First and family name.', example: 'Jane Doe' })
  readonly fullName!: string | undefined;

  @ApiPropertyOptional({ type: 'string', example: 'jane.doe@acme.example' })
  readonly email!: string | undefined;

  @ApiPropertyOptional({ type: 'string', enum: [...LANGUAGES] })
  readonly displayLanguageCode!: string | undefined;

  @ApiProperty({ example: 'client-123' })
  readonly clientExtId!: string;

  @ApiProperty({ example: 'Acme AG' })
  readonly clientName!: string;
}
