import type { MessageDescriptor } from '@lingui/core';
import { useLingui } from '@lingui/react/macro';

import { Button } from '../../components/button.js';
import { CertificateText } from '../../components/certificate-text.js';
import { CloseIcon } from '../../components/icons.js';
import { STATE_NAMES } from '../../components/state-badge.js';
import { STATE_REASONS } from '../words/state-reasons.js';
import { FILTER_TEXTS } from './filter-labels.js';
import { type FilterName, FILTER_NAMES, type Filters, INSTANTS } from './filters.js';

import styles from './certificates.module.css';

const CHOICES: Readonly<Partial<Record<FilterName, Readonly<Record<string, MessageDescriptor>>>>> = {
  stateName: STATE_NAMES,
  reason: STATE_REASONS,
};

interface FilterChipsProps {
  readonly filters: Filters;
  readonly onApply: (filters: Filters) => void;
}

/** What the list is limited to; each can be removed. */
export function FilterChips({ filters, onApply }: FilterChipsProps) {
  const { i18n, t } = useLingui();
  const set = FILTER_NAMES.filter((name) => filters[name] !== undefined);
  if (set.length === 0) return null;
  const valueOf = (name: FilterName): string => {
    const value = filters[name] ?? '';
    const text = CHOICES[name]?.[value];
    if (text !== undefined) return i18n._(text);
    const date = new Date(value);
    if (INSTANTS.has(name) && !Number.isNaN(date.getTime())) {
      return i18n.date(date, { dateStyle: 'medium', timeStyle: 'short' });
    }
    return value;
  };
  return (
    <ul className={styles['chips']} aria-label={t`Filters in use`}>
      {set.map((name) => {
        const label = i18n._(FILTER_TEXTS[name].label);
        return (
          <li key={name} className={styles['chip']}>
            <span>
              {label}: <CertificateText text={valueOf(name)} plain />
            </span>
            <Button
              variant="quiet"
              aria-label={t`Remove the filter ${label}`}
              icon={<CloseIcon />}
              onClick={() => onApply(without(filters, name))}
            />
          </li>
        );
      })}
    </ul>
  );
}

function without(filters: Filters, removed: FilterName): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name !== removed));
}
