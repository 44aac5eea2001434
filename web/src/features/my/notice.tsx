import type { ReactNode } from 'react';

import type { Tone } from '../../components/badge.js';

import styles from './my.module.css';

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
}

/** What has happened, or what is wrong; those who hear the page hear it at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div className={`${styles['notice']} ${styles[tone]}`} role={tone === 'danger' ? 'alert' : 'status'}>
      {title !== undefined && <p className={styles['noticeTitle']}>{title}</p>}
      {children !== undefined && <div className={styles['noticeText']}>{children}</div>}
    </div>
  );
}
