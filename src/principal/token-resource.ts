import { ApiProperty } from '../http/openapi/swagger.js';

export class TokenResource {
  @ApiProperty({ description: 'The X-Token.', example: 'eyJhbGciOiJIUzI1NiIs…' })
  readonly access_token!: string;

  @ApiProperty({ enum: ['bearer'] })
  readonly token_type!: 'bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 3600 })
  readonly expires_in!: number;
}
