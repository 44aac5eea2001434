import { type ComponentProps, useEffect, useRef } from 'react';

import { Notice } from './notice.js';

import styles from './my.module.css';

/** A notice that takes the focus when it appears, because what had it is gone. */
export function FocusedNotice(props: ComponentProps<typeof Notice>) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.focus(), []);
  return (
    <div ref={element} tabIndex={-1} className={styles['stack']}>
      <Notice {...props} />
    </div>
  );
}
