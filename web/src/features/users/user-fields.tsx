import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import { ApiError } from '../../api/api-error.js';
import { Select, TextArea, TextInput } from '../../components/field.js';
import { LANGUAGES } from '../../i18n/languages.js';
import { localTimeOf, timeOfLocal } from './local-time.js';
import { useMemberNames } from './member-names.js';
import type { UserForm, UserMember } from './user-form.rules.js';

import styles from './users.module.css';

interface UserFieldsProps {
  readonly form: UserForm;
  readonly onChange: (member: UserMember, value: string) => void;
  /** The answer to the attempt before, for what it says about single members. */
  readonly error: unknown;
  /** Why the login ID cannot be set. */
  readonly loginIdHelp?: ReactNode;
  readonly loginIdDisabled: boolean;
}

const WORLD_LANGUAGES = { ...LANGUAGES, it: 'Italiano' };

/** All members of a user that a form changes; `userState` has buttons of its own. */
export function UserFields({ form, onChange, error, loginIdHelp, loginIdDisabled }: UserFieldsProps) {
  const { t } = useLingui();
  const names = useMemberNames();
  const field = (member: UserMember) => ({
    label: names[member],
    error: messageOf(error, member),
    value: form[member],
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(member, event.target.value),
  });
  const time = (member: 'validity.from' | 'validity.to') => (
    <TextInput
      {...field(member)}
      type="datetime-local"
      step={1}
      value={localTimeOf(form[member])}
      onChange={(event) => onChange(member, timeOfLocal(event.target.value))}
    />
  );
  return (
    <>
      <Group legend={<Trans>Name</Trans>}>
        <TextInput {...field('name.firstName')} maxLength={250} />
        <TextInput {...field('name.familyName')} maxLength={250} />
        <TextInput {...field('name.title')} maxLength={250} />
        <TextInput {...field('loginId')} help={loginIdHelp} disabled={loginIdDisabled} maxLength={100} />
      </Group>
      <Group legend={<Trans>Contact</Trans>}>
        <TextInput {...field('contacts.email')} type="text" inputMode="email" maxLength={250} />
        <TextInput {...field('contacts.telephone')} type="tel" maxLength={250} />
        <TextInput {...field('contacts.mobile')} type="tel" maxLength={250} />
        <TextInput {...field('contacts.telefax')} type="tel" maxLength={250} />
      </Group>
      <Group legend={<Trans>When the user may log in</Trans>}>
        {time('validity.from')}
        {time('validity.to')}
      </Group>
      <Group legend={<Trans>Person</Trans>}>
        <Select {...field('languageCode')}>
          <option value="">{t`Not set`}</option>
          {Object.entries(WORLD_LANGUAGES).map(([code, name]) => (
            <option key={code} value={code.toUpperCase()}>
              {name}
            </option>
          ))}
        </Select>
        <Select {...field('gender')}>
          <option value="">{t`Not set`}</option>
          <option value="female">{t`Female`}</option>
          <option value="male">{t`Male`}</option>
          <option value="other">{t`Other`}</option>
        </Select>
        <TextInput {...field('birthDate')} type="date" />
      </Group>
      <Group legend={<Trans>Address</Trans>}>
        {ADDRESS.map((member) => (
          <TextInput key={member} {...field(member)} maxLength={member === 'address.countryCode' ? 2 : 250} />
        ))}
      </Group>
      <Group legend={<Trans>Other details</Trans>}>
        <div className={styles['whole']}>
          <TextArea {...field('properties')} help={<Trans>One per line, as name=value</Trans>} spellCheck={false} />
        </div>
        <div className={styles['whole']}>
          <TextArea {...field('remarks')} maxLength={1000} />
        </div>
        <div className={styles['whole']}>
          <TextInput {...field('modificationComment')} maxLength={1000} />
        </div>
      </Group>
    </>
  );
}

const ADDRESS = [
  'address.addressline1',
  'address.addressline2',
  'address.street',
  'address.houseNumber',
  'address.postalCode',
  'address.city',
  'address.countryCode',
] as const satisfies readonly UserMember[];

function Group({ legend, children }: { readonly legend: ReactNode; readonly children: ReactNode }) {
  return (
    <fieldset className={styles['group']}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

export function messageOf(error: unknown, member: UserMember | 'extId'): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.details.find(({ field }) => field === member || field?.startsWith(`${member}.`) === true)?.message;
}
