import type { ReactNode } from 'react';

import styles from './my.module.css';

/** Terms and what they are, in two columns, also on a telephone. */
export function Facts({ entries }: { readonly entries: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className={styles['facts']}>
      {entries.map(([term, description], index) => (
        <div key={index} className={styles['fact']}>
          <dt>{term}</dt>
          <dd>{description}</dd>
        </div>
      ))}
    </dl>
  );
}
