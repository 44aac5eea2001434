import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';

import { LinkButton } from '../../components/button.js';
import { FocusedNotice } from './focused-notice.js';

import styles from './my.module.css';

/** The end of a change. */
export function Done({ title, children }: { readonly title: ReactNode; readonly children?: ReactNode }) {
  return (
    <div className={styles['stack']}>
      <FocusedNotice tone="ok" title={title}>
        {children}
      </FocusedNotice>
      <div className={styles['actions']}>
        <LinkButton variant="primary" to="/my">
          <Trans>Back to my certificates</Trans>
        </LinkButton>
      </div>
    </div>
  );
}
