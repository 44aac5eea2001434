import { useLingui } from '@lingui/react/macro';

import type { UserMember } from './user-form.rules.js';

export function useMemberNames(): Readonly<Record<UserMember, string>> {
  const { t } = useLingui();
  return {
    loginId: t`Login ID`,
    'name.title': t`Title`,
    'name.firstName': t`First name`,
    'name.familyName': t`Family name`,
    'contacts.email': t`E-mail`,
    'contacts.telephone': t`Telephone`,
    'contacts.mobile': t`Mobile`,
    'contacts.telefax': t`Fax`,
    userState: t`State`,
    languageCode: t`Language`,
    gender: t`Gender`,
    birthDate: t`Date of birth`,
    'validity.from': t`Valid from`,
    'validity.to': t`Valid until`,
    'address.addressline1': t`Address line 1`,
    'address.addressline2': t`Address line 2`,
    'address.street': t`Street`,
    'address.houseNumber': t`House number`,
    'address.dwellingNumber': t`Dwelling number`,
    'address.postOfficeBoxText': t`PO box`,
    'address.postOfficeBoxNumber': t`PO box number`,
    'address.postalCode': t`Postal code`,
    'address.city': t`City`,
    'address.locality': t`Locality`,
    'address.countryCode': t`Country code`,
    properties: t`Properties`,
    remarks: t`Remarks`,
    modificationComment: t`Comment on this change`,
  };
}
