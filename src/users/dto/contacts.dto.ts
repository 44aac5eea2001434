import { text } from '../../http/members.js';

export class ContactsDto {
  @text(0, 250, { nullable: true, example: '+41 31 555 01 01' })
  telephone?: string | null;

  @text(0, 250, { nullable: true })
  telefax?: string | null;

  @text(0, 250, { nullable: true })
  mobile?: string | null;

  @text(0, 250, { nullable: true, example: 'jane.doe@example.com' })
  email?: string | null;
}
