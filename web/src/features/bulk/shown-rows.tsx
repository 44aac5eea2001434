import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';

import { Select } from '../../components/field.js';
import { RESULTS, type Result } from './job-texts.js';
import { RowTable } from './row-table.js';
import type { RowsByResult } from './rows-by-result.js';

import styles from './bulk.module.css';

interface ShownRowsProps {
  readonly caption: string;
  readonly rows: RowsByResult;
  /** The result of the rows that are shown first; all if it is absent. */
  readonly first?: Result | undefined;
}

/** Rows of one result, or all. */
export function ShownRows({ caption, rows, first }: ShownRowsProps) {
  const { t, i18n } = useLingui();
  const [shown, show] = useState<Result | ''>(first ?? '');
  return (
    <>
      <div className={styles['form']}>
        <Select label={t`Shown`} value={shown} onChange={(event) => show(event.target.value as Result | '')}>
          <option value="">{t`All`}</option>
          {Object.entries(RESULTS).map(([name, { label }]) => (
            <option key={name} value={name}>
              {i18n._(label)}
            </option>
          ))}
        </Select>
      </div>
      <RowTable key={shown} caption={caption} rows={shown === '' ? rows.all : rows.of(shown)} />
    </>
  );
}
