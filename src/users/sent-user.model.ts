import type { SentTextMembers } from '../common/text-members.js';
import type { UserState } from './user-columns.model.js';

type Text = string | null | undefined;

/** The members that were sent, read already: absent ones stay, `null` clears (contract 2.4, 2.5). */
export interface SentUser {
  readonly loginId?: string | undefined;
  readonly userState?: UserState | undefined;
  readonly languageCode?: Text;
  readonly name?: SentTextMembers<'title' | 'firstName' | 'familyName'> | null | undefined;
  readonly sex?: Text;
  readonly gender?: Text;
  readonly birthDate?: Text;
  readonly address?: SentTextMembers<AddressMember> | null | undefined;
  readonly contacts?: SentTextMembers<'telephone' | 'telefax' | 'mobile' | 'email'> | null | undefined;
  readonly validity?: { readonly from?: Date | null; readonly to?: Date | null } | null | undefined;
  readonly properties?: SentTextMembers | null | undefined;
  readonly remarks?: Text;
  readonly modificationComment?: Text;
}

export const ADDRESS_MEMBERS = [
  'addressline1',
  'addressline2',
  'postalCode',
  'city',
  'street',
  'houseNumber',
  'countryCode',
  'postOfficeBoxText',
  'postOfficeBoxNumber',
  'dwellingNumber',
  'locality',
] as const;
type AddressMember = (typeof ADDRESS_MEMBERS)[number];
