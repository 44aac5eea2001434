import { text } from '../../http/members.js';

const LONGEST = 250;

/** The name to show, by language (contract 2.3); `null` clears one. */
export class DisplayNameDto {
  @text(0, LONGEST, { nullable: true, example: 'Acme Ltd' })
  EN?: string | null;

  @text(0, LONGEST, { nullable: true, example: 'Acme AG' })
  DE?: string | null;

  @text(0, LONGEST, { nullable: true, example: 'Acme SA' })
  FR?: string | null;

  @text(0, LONGEST, { nullable: true, example: 'Acme SpA' })
  IT?: string | null;
}
