import type { SentUser } from './sent-user.model.js';
import type { UserColumns } from './user-columns.model.js';
import { mergeUser } from './user-update.rules.js';

const BLANK: UserColumns = {
  loginId: '',
  state: 'active',
  isTechnicalUser: false,
  languageCode: null,
  title: null,
  firstName: null,
  familyName: null,
  sex: null,
  gender: null,
  birthDate: null,
  address: null,
  telephone: null,
  telefax: null,
  mobile: null,
  email: null,
  validFrom: null,
  validTo: null,
  properties: null,
  remarks: null,
  modificationComment: null,
};

/** A user out of what was sent alone; `generatedLoginId` where no loginId was (contract 2.4). */
export function newUser(
  sent: SentUser & { readonly isTechnicalUser?: boolean | undefined },
  generatedLoginId: string,
): UserColumns {
  const blank = { ...BLANK, loginId: generatedLoginId, isTechnicalUser: sent.isTechnicalUser ?? false };
  return mergeUser(blank, sent);
}
