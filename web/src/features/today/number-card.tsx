import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { ErrorNotice } from '../../components/error-notice.js';
import type { Count } from './counts.js';

import styles from './today.module.css';

interface NumberCardProps {
  readonly label: ReactNode;
  /** The list of what is counted. */
  readonly to: string;
  readonly result: {
    readonly data: Count | undefined;
    readonly error: unknown;
    readonly refetch: () => unknown;
  };
  readonly missingRight: string | undefined;
  /** How a number above zero looks. */
  readonly tone: 'warning' | 'danger';
}

/** A number, which is a link to the list of what it counts. */
export function NumberCard({ label, to, result, missingRight, tone }: NumberCardProps) {
  const { i18n } = useLingui();
  const { data, error, refetch } = result;
  if (missingRight !== undefined) {
    return (
      <div className={styles['card']}>
        <span>{label}</span>
        <span className={styles['quiet']}>
          <Trans>You need the right {missingRight} to see this.</Trans>
        </span>
      </div>
    );
  }
  if (error !== null) {
    return (
      <div className={styles['card']}>
        <span>{label}</span>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  return (
    <Link to={to} className={styles['card']} aria-busy={data === undefined}>
      <span className={styles['number']} data-tone={data !== undefined && data.count > 0 ? tone : undefined}>
        {data === undefined ? '…' : `${i18n.number(data.count)}${data.hasMore ? '+' : ''}`}
      </span>
      <span>{label}</span>
    </Link>
  );
}
