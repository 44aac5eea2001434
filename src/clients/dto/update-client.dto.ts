import { nested, text, version } from '../../http/members.js';
import { DisplayNameDto } from './display-name.dto.js';

/** C4: exactly these; a member that is not sent stays as it is (contract 2.3, 3.1). */
export class UpdateClientDto {
  @text(1, 100, { description: 'Unique over all clients.', example: 'Acme' })
  name?: string;

  @nested(() => DisplayNameDto, { nullable: true, description: 'Merged language by language; null clears.' })
  displayName?: DisplayNameDto | null;

  @text(0, 1000, { nullable: true })
  remarks?: string | null;

  @version()
  version?: number;
}
