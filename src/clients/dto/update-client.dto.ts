import { nested, text, version } from '../../http/members.js';
import { DisplayNameDto } from './display-name.dto.js';

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
