import type { UserResource } from '../../api/generated/types.gen.js';

/** First and family name, or else the login id. */
export function nameOf({ name, loginId }: Pick<UserResource, 'name' | 'loginId'>): string {
  const whole = [name?.title, name?.firstName, name?.familyName].filter(Boolean).join(' ');
  return whole === '' ? loginId : whole;
}
