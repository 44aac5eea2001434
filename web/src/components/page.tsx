import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

import { visibleText } from './deceiving-text.js';

import styles from './page.module.css';

interface PageHeaderProps {
  /** Also the title of the document. */
  readonly title: string;
  readonly children?: ReactNode;
  /** Where the page belongs: links to the pages above it. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHeader({ title, above, actions, children }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = visibleText(title);
  const { pathname, key } = useLocation();
  useEffect(() => {
    // The browser itself handles the first page, a change of the query is the same page, and who chooses a tab goes on
    // to choose.
    const isFirst = key === 'default';
    if (!isFirst && document.activeElement?.closest('[role="tablist"]') == null) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [pathname]);
  return (
    <header className={styles['header']}>
      <title>{`${shown} · certkeep`}</title>
      {above !== undefined && <nav className={styles['above']}>{above}</nav>}
      <div className={styles['row']}>
        <h1 ref={heading} tabIndex={-1} className={styles['title']}>
          <bdi>{shown}</bdi>
        </h1>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Section({ title, actions, children }: SectionProps) {
  return (
    <section className={styles['section']}>
      <div className={styles['row']}>
        <h2 className={styles['heading']}>{title}</h2>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}

interface SectionProps {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Terms and what they are; an entry without a value is left out. */
export function DescriptionList({ entries }: { readonly entries: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className={styles['descriptions']}>
      {entries.map(([term, description], index) =>
        description === undefined || description === null ? null : (
          <div key={index} className={styles['description']}>
            <dt>{term}</dt>
            <dd>{description}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** What to do first where there is nothing yet. */
export function EmptyState({ title, children, action }: Partial<SectionProps> & { readonly action?: ReactNode }) {
  return (
    <div className={styles['empty']}>
      <p className={styles['heading']}>{title}</p>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}
