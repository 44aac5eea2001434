import { text } from '../../http/members.js';

export class UserNameDto {
  @text(0, 250, { nullable: true, example: 'Dr.' })
  title?: string | null;

  @text(0, 250, { nullable: true, example: 'Jane' })
  firstName?: string | null;

  @text(0, 250, { nullable: true, example: 'Doe' })
  familyName?: string | null;
}
