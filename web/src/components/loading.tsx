import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import styles from './loading.module.css';

/** It appears only where waiting takes longer than people notice. `children`: what it is waiting for. */
export function Loading({ children }: { readonly children?: ReactNode }) {
  return (
    <p className={styles['loading']} role="status">
      {children ?? <Trans>Loading…</Trans>}
    </p>
  );
}

interface ProgressBarProps {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

export function ProgressBar({ done, total, label }: ProgressBarProps) {
  const { i18n } = useLingui();
  return (
    <div className={styles['progress']}>
      <progress value={done} max={total} aria-label={label} />
      <span>
        {i18n.number(done)} / {i18n.number(total)}
      </span>
    </div>
  );
}
