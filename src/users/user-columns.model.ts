import type { TextMembers } from '../common/text-members.js';

export const USER_STATES = ['active', 'disabled', 'archived'] as const;
export const SEXES = ['male', 'female', 'other'] as const;
export type UserState = (typeof USER_STATES)[number];

/** What is stored of a user, less what the server keeps of every resource. */
export interface UserColumns {
  readonly loginId: string;
  readonly state: UserState;
  readonly isTechnicalUser: boolean;
  readonly languageCode: string | null;
  readonly title: string | null;
  readonly firstName: string | null;
  readonly familyName: string | null;
  readonly sex: string | null;
  readonly gender: string | null;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly address: TextMembers | null;
  readonly telephone: string | null;
  readonly telefax: string | null;
  readonly mobile: string | null;
  readonly email: string | null;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
  readonly properties: TextMembers | null;
  readonly remarks: string | null;
  readonly modificationComment: string | null;
}
