import type { ReactNode } from 'react';

import styles from './badge.module.css';

export type Tone = 'ok' | 'warning' | 'danger' | 'neutral';

export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`${styles['badge']} ${styles[tone]}`}>{children}</span>;
}
