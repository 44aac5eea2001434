import { Trans, useLingui } from '@lingui/react/macro';
import { type ChangeEvent, useState } from 'react';
import { useSearchParams } from 'react-router';

import { Button } from '../../components/button.js';
import { Select, TextInput } from '../../components/field.js';
import { ACTION_NAMES, KIND_NAMES } from '../words/names.js';
import { ACTIONS, asInstant, asLocalTime, FILTERS, KINDS } from './audit-filters.js';

import styles from './audit.module.css';

type Name = (typeof FILTERS)[number];

/** The filters of the list. They are in the address, so that *back* returns to the ones before. */
export function FilterForm() {
  const { t, i18n } = useLingui();
  const [search, setSearch] = useSearchParams();
  const [entered, setEntered] = useState(() => enteredOf(search));
  const chosen = FILTERS.map((name) => search.get(name) ?? '').join('\n');
  const [shown, setShown] = useState(chosen);
  if (shown !== chosen) {
    // After *back*, for instance.
    setShown(chosen);
    setEntered(enteredOf(search));
  }
  const field = (name: Name) => ({
    value: entered[name],
    onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      setEntered((before) => ({ ...before, [name]: target.value })),
  });
  const apply = () => {
    setSearch((before) => {
      const after = new URLSearchParams(before);
      // Another filter has other pages.
      after.delete('page');
      for (const name of FILTERS) {
        const text = entered[name].trim();
        const value = name === 'from' || name === 'to' ? asInstant(text) : text;
        if (value === '') after.delete(name);
        else after.set(name, value);
      }
      return after;
    });
  };
  return (
    <form
      className={styles['filters']}
      aria-label={t`Filters`}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Select label={t`Kind`} {...field('kind')}>
        <option value="">{t`All kinds`}</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {i18n._(KIND_NAMES[kind])}
          </option>
        ))}
      </Select>
      <Select label={t`Action`} {...field('action')}>
        <option value="">{t`All actions`}</option>
        {ACTIONS.map((action) => (
          <option key={action} value={action}>
            {i18n._(ACTION_NAMES[action])}
          </option>
        ))}
      </Select>
      <TextInput label={t`Who`} {...field('actor')} placeholder={t`ID`} />
      <TextInput label={t`User`} {...field('userExtId')} placeholder={t`ID`} />
      <TextInput label={t`Resource`} {...field('extId')} placeholder={t`ID`} />
      <TextInput label={t`From`} type="datetime-local" step={1} {...field('from')} />
      <TextInput label={t`Before`} type="datetime-local" step={1} {...field('to')} />
      <div className={styles['buttons']}>
        <Button type="submit" variant="primary">
          <Trans>Filter</Trans>
        </Button>
        <Button variant="quiet" disabled={chosen.trim() === ''} onClick={() => setSearch(new URLSearchParams())}>
          <Trans>Remove all filters</Trans>
        </Button>
      </div>
    </form>
  );
}

function enteredOf(search: URLSearchParams): Readonly<Record<Name, string>> {
  const text = (name: Name) => search.get(name) ?? '';
  return {
    kind: text('kind'),
    action: text('action'),
    actor: text('actor'),
    userExtId: text('userExtId'),
    extId: text('extId'),
    from: asLocalTime(search.get('from')),
    to: asLocalTime(search.get('to')),
  };
}
