import type { MessageDescriptor } from '@lingui/core';
import { Trans, useLingui } from '@lingui/react/macro';
import type { FormEvent } from 'react';

import { Button } from '../../components/button.js';
import { SearchInput, Select, TextInput } from '../../components/field.js';
import { SearchIcon } from '../../components/icons.js';
import { STATE_NAMES } from '../../components/state-badge.js';
import { STATE_REASONS } from '../words/state-reasons.js';
import { FILTER_TEXTS } from './filter-labels.js';
import { dayOf, FILTER_NAMES, type FilterName, type Filters, filtersOf, INSTANTS, instantOf } from './filters.js';

import styles from './certificates.module.css';

/** Those that are always shown; the others are behind "More filters". */
const FIRST: readonly FilterName[] = ['q', 'stateName', 'reason'];
const OTHERS = FILTER_NAMES.filter((name) => !FIRST.includes(name));

interface FilterFormProps {
  readonly filters: Filters;
  readonly onApply: (filters: Filters) => void;
}

/** Give it a `key` that changes with the filters: its fields show what is in the address. */
export function FilterForm({ filters, onApply }: FilterFormProps) {
  const { i18n } = useLingui();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value !== 'string' || value === '') continue;
      sent.set(name, INSTANTS.has(name) ? instantOf(value, filters[name as FilterName]) : value);
    }
    onApply(filtersOf(sent));
  };
  return (
    <form className={styles['filters']} role="search" onSubmit={submit}>
      <div className={styles['first']}>
        <SearchInput name="q" label={i18n._(FILTER_TEXTS.q.label)} defaultValue={filters.q ?? ''} minLength={3} />
        <Choice name="stateName" filters={filters} texts={STATE_NAMES} />
        <Choice name="reason" filters={filters} texts={STATE_REASONS} />
        <Button type="submit" variant="primary" icon={<SearchIcon />}>
          <Trans>Search</Trans>
        </Button>
      </div>
      <details open={OTHERS.some((name) => filters[name] !== undefined)}>
        <summary className={styles['summary']}>
          <Trans>More filters</Trans>
        </summary>
        <div className={styles['others']}>
          {OTHERS.map((name) => (
            <OtherFilter key={name} name={name} value={filters[name]} />
          ))}
        </div>
      </details>
    </form>
  );
}

function OtherFilter({ name, value }: { readonly name: FilterName; readonly value: string | undefined }) {
  const { i18n } = useLingui();
  const { label, help } = FILTER_TEXTS[name];
  if (INSTANTS.has(name)) {
    return <TextInput name={name} type="date" label={i18n._(label)} defaultValue={dayOf(value)} />;
  }
  return (
    <TextInput
      name={name}
      label={i18n._(label)}
      help={help === undefined ? undefined : i18n._(help)}
      defaultValue={value ?? ''}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

interface ChoiceProps {
  readonly name: FilterName;
  readonly filters: Filters;
  readonly texts: Readonly<Record<string, MessageDescriptor>>;
}

function Choice({ name, filters, texts }: ChoiceProps) {
  const { i18n, t } = useLingui();
  return (
    <Select name={name} label={i18n._(FILTER_TEXTS[name].label)} defaultValue={filters[name] ?? ''}>
      <option value="">{t`Any`}</option>
      {Object.entries(texts).map(([value, text]) => (
        <option key={value} value={value}>
          {i18n._(text)}
        </option>
      ))}
    </Select>
  );
}
