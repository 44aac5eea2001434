import { text } from '../../http/members.js';

const MAX_LENGTH = 250;

/** The display name by language (contract 2.3); `null` clears one. */
export class DisplayNameDto {
  @text(0, MAX_LENGTH, { nullable: true, example: 'Acme Ltd' })
  EN?: string | null;

  @text(0, MAX_LENGTH, { nullable: true, example: 'Acme AG' })
  DE?: string | null;

  @text(0, MAX_LENGTH, { nullable: true, example: 'Acme SA' })
  FR?: string | null;

  @text(0, MAX_LENGTH, { nullable: true, example: 'Acme SpA' })
  IT?: string | null;
}
