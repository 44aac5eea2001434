import { nested, text } from '../../http/members.js';
import { clientExternalId } from './client-member.js';
import { DisplayNameDto } from './display-name.dto.js';

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
