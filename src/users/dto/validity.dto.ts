import { moment } from './user-member.js';

/** When a user may log in; both ends belong to it. */
export class ValidityDto {
  @moment({ example: '2026-01-01T00:00:00Z' })
  from?: Date | null;

  @moment({ example: '2026-12-31T23:59:59Z' })
  to?: Date | null;
}
