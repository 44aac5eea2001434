import { isClientExternalId } from '../common/external-id.js';
import { member, nested, text, version } from '../http/members.js';
import { EXTERNAL_ID_SCHEMA } from '../http/openapi/schemas.js';

const MAX_DISPLAY_NAME_LENGTH = 250;

/** The display name by language (contract 2.3); `null` clears one. */
export class DisplayNameDto {
  @text(0, MAX_DISPLAY_NAME_LENGTH, { nullable: true, example: 'Acme Ltd' })
  EN?: string | null;

  @text(0, MAX_DISPLAY_NAME_LENGTH, { nullable: true, example: 'Acme AG' })
  DE?: string | null;

  @text(0, MAX_DISPLAY_NAME_LENGTH, { nullable: true, example: 'Acme SA' })
  FR?: string | null;

  @text(0, MAX_DISPLAY_NAME_LENGTH, { nullable: true, example: 'Acme SpA' })
  IT?: string | null;
}

/** The extId of a new client. Its path segment is shared with fixed segments of other routes (contract 2.2). */
function clientExternalId(): PropertyDecorator {
  return member(
    {
      name: 'clientExternalId',
      test: (value) => typeof value === 'string' && isClientExternalId(value),
      message:
        'must be 1 to 50 characters from letters, digits and - @ . / _ : ( ) { } [ ] = ! ~ +, but not clients or system',
      schema: EXTERNAL_ID_SCHEMA,
    },
    { description: 'Generated if absent; never reused.', example: '100' },
  );
}

/** C2 (contract 2.3). */
export class CreateClientDto {
  @text(1, 100, { required: true, description: 'Unique over all clients.', example: 'Acme' })
  name!: string;

  @clientExternalId()
  extId?: string;

  @nested(() => DisplayNameDto, { nullable: true })
  displayName?: DisplayNameDto | null;

  @text(0, 1000, { nullable: true })
  remarks?: string | null;
}

/** C4: exactly these members; one that is not sent stays unchanged (contract 2.3, 3.1). */
export class UpdateClientDto {
  @text(1, 100, { description: 'Unique over all clients.', example: 'Acme' })
  name?: string;

  @nested(() => DisplayNameDto, { nullable: true, description: 'Merged language by language; null clears a language.' })
  displayName?: DisplayNameDto | null;

  @text(0, 1000, { nullable: true })
  remarks?: string | null;

  @version()
  version?: number;
}
