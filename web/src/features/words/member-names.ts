import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** The members of all resources whose changes are recorded, by their path. */
export const MEMBER_NAMES = {
  loginId: msg`Login ID`,
  'name.title': msg`Title`,
  'name.firstName': msg`First name`,
  'name.familyName': msg`Family name`,
  'contacts.email': msg`E-mail`,
  'contacts.telephone': msg`Telephone`,
  'contacts.mobile': msg`Mobile`,
  'contacts.telefax': msg`Fax`,
  userState: msg`State`,
  isTechnicalUser: msg`Technical user`,
  languageCode: msg`Language`,
  sex: msg`Sex`,
  gender: msg`Gender`,
  birthDate: msg`Date of birth`,
  'validity.from': msg`Valid from`,
  'validity.to': msg`Valid until`,
  'address.addressline1': msg`Address line 1`,
  'address.addressline2': msg`Address line 2`,
  'address.street': msg`Street`,
  'address.houseNumber': msg`House number`,
  'address.dwellingNumber': msg`Dwelling number`,
  'address.postOfficeBoxText': msg`PO box`,
  'address.postOfficeBoxNumber': msg`PO box number`,
  'address.postalCode': msg`Postal code`,
  'address.city': msg`City`,
  'address.locality': msg`Locality`,
  'address.countryCode': msg`Country code`,
  properties: msg`Properties`,
  remarks: msg`Remarks`,
  modificationComment: msg`Comment on this change`,
  certificate: msg`Certificate`,
  password: msg`Password`,
  stateName: msg`State`,
  stateChangeReason: msg`Reason of the state`,
  stateChangeDetail: msg`Detail`,
  replacedBy: msg`Replaced by`,
  disabledOn: msg`Disabled on`,
  policyExtId: msg`Policy`,
  policyType: msg`Type`,
  name: msg`Name`,
  displayName: msg`Display name`,
  description: msg`Description`,
  defaultPolicy: msg`Default policy`,
  anchors: msg`Trust anchors`,
  intermediates: msg`Intermediates`,
  p12: msg`File with the private key`,
  subject: msg`Subject`,
  expires: msg`Valid until`,
  users: msg`Users`,
  certificates: msg`Certificates`,
  passwords: msg`Passwords`,
  policies: msg`Policies`,
  keyStores: msg`Key stores`,
  trustAnchorSets: msg`Trust-anchor sets`,
} as const satisfies Readonly<Record<string, MessageDescriptor>>;

/** A member in words; of one that somebody has named, as a property or a parameter, with that name. */
export function memberName(i18n: I18n, member: string): string {
  const names: Readonly<Record<string, MessageDescriptor>> = MEMBER_NAMES;
  const known = names[member];
  if (known !== undefined) return i18n._(known);
  const at = member.indexOf('.');
  const name = member.slice(at + 1);
  switch (member.slice(0, Math.max(at, 0))) {
    case 'properties':
      return i18n._(msg`Property ${name}`);
    case 'parameters':
      return i18n._(msg`Parameter ${name}`);
    case 'crls':
      return i18n._(msg`CRL ${name}`);
    default:
      return member;
  }
}
